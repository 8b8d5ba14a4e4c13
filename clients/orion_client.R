# Report results to `orion` from an R program: copy this file next to yours.
#
#     source("orion_client.R")
#     report_objective(loss)
#
# R 3.5 or newer, no packages. Outside of `orion` the results are printed instead, so the program still runs by itself.

.orion <- new.env()
.orion$path <- Sys.getenv("ORION_RESULTS_PATH")
.orion$has_reported <- FALSE

if (nzchar(.orion$path) && !file.exists(.orion$path)) {
  # Now rather than after hours of work.
  stop("ORION_RESULTS_PATH is \"", .orion$path, "\", but there is no such file. ",
       "Unset it to run the program without orion.")
}

# Report the number to minimise.
report_objective <- function(value, name = "objective") {
  report_results(list(.orion$objective(value, name)))
}

# Report a trial that is valid but terrible, with further results in `data` if there are any.
report_bad_trial <- function(objective = 1e10, name = "objective", data = list()) {
  report_results(c(list(.orion$objective(objective, name)), data))
}

# Report a list of results: list(list(name = "loss", type = "objective", value = 0.5), ...). `type` is "objective"
# (needed once), "constraint", "gradient" or "statistic". A program reports once: a second call is an error.
report_results <- function(data) {
  if (.orion$has_reported) {
    stop("The results of this program were already reported. Report all of them in one call.")
  }
  if (!is.list(data) || !all(vapply(data, is.list, NA))) {
    stop("The results must be a list of list(name, type, value).")
  }
  text <- paste0("[", paste(vapply(unname(data), .orion$json, ""), collapse = ", "), "]")
  if (nzchar(.orion$path)) .orion$write(.orion$path, text) else cat(text, "\n", sep = "")
  .orion$has_reported <- TRUE
  invisible(NULL)
}

# Report the objective so far, while the program runs. Steps grow: epochs, batches, seconds.
report_intermediate <- function(step, value) {
  step <- .orion$one_number(step, "step")
  value <- .orion$one_number(value, "objective")
  line <- paste(.orion$number(as.numeric(step)), .orion$number(as.numeric(value)))
  path <- Sys.getenv("ORION_REPORT_PATH")
  if (nzchar(path)) cat(line, "\n", sep = "", file = path, append = TRUE) else cat(line, "\n", sep = "")
  invisible(NULL)
}

# True when `orion` asks the program to end early: report its results and end. (It gets a TERM as well.)
should_stop <- function() {
  path <- Sys.getenv("ORION_STOP_PATH")
  nzchar(path) && file.exists(path)
}

# End the program so that `orion` stops here and starts this trial again at the next hunt.
interrupt_trial <- function() {
  quit(save = "no", status = as.integer(Sys.getenv("ORION_INTERRUPT_CODE", "130")))
}

.orion$objective <- function(value, name) {
  list(name = name, type = "objective", value = .orion$one_number(value, "objective"))
}

.orion$one_number <- function(value, what) {
  if ((is.numeric(value) || is.logical(value)) && length(value) == 1) return(unname(value))
  stop("The ", what, " must be one number, not ", paste(deparse(value), collapse = " "), ".")
}

# Lists with names are objects, other lists and vectors longer than one are arrays.
.orion$json <- function(value) {
  if (is.null(value)) return("null")
  if (is.list(value) && !is.null(names(value))) {
    fields <- vapply(value, .orion$json, "")
    return(paste0("{", paste0(vapply(names(value), .orion$quote, ""), ": ", fields, collapse = ", "), "}"))
  }
  if (is.list(value) || length(value) != 1) {
    return(paste0("[", paste(vapply(unname(as.list(value)), .orion$json, ""), collapse = ", "), "]"))
  }
  if (is.character(value) || is.factor(value)) return(.orion$quote(as.character(value)))
  if (is.logical(value) && !is.na(value)) return(if (value) "true" else "false")
  .orion$number(as.numeric(value))
}

.orion$number <- function(value) {
  if (is.na(value)) return("NaN")
  if (is.infinite(value)) return(if (value > 0) "Infinity" else "-Infinity")
  short <- sprintf("%.15g", value)
  if (as.numeric(short) == value) short else sprintf("%.17g", value)
}

.orion$quote <- function(text) {
  text <- gsub("([\\\\\"])", "\\\\\\1", enc2utf8(text))
  text <- gsub("\n", "\\n", text, fixed = TRUE)
  text <- gsub("\r", "\\r", text, fixed = TRUE)
  text <- gsub("\t", "\\t", text, fixed = TRUE)
  paste0("\"", text, "\"")
}

# Replace the file as a whole, so that a killed program never leaves half of it.
.orion$write <- function(path, text) {
  temporary <- file.path(dirname(path), paste0(".results_", Sys.getpid(), ".tmp"))
  is_written <- tryCatch({
    writeLines(text, temporary, useBytes = TRUE)
    suppressWarnings(file.rename(temporary, path))
  }, warning = function(condition) FALSE, error = function(condition) FALSE)
  if (!is_written) {
    # A directory that is not ours, or a file mounted alone into a container.
    suppressWarnings(unlink(temporary))
    writeLines(text, path, useBytes = TRUE)
  }
}

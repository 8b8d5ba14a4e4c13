# Report results to `orion` from a shell script: copy this file next to yours.
#
#     . "$(dirname "$0")/orion-client.sh"
#     orion_report_objective "$loss"
#
# Any POSIX shell. Outside of `orion` the results are printed instead, so the script still runs by itself. Each function
# but the last returns 1 when it could not report: `set -e` then ends the script.

# orion_report_objective VALUE [NAME]: report the number to minimise.
orion_report_objective() {
  orion_report_bad_trial "${1?orion_report_objective needs a value}" "${2:-objective}"
}

# orion_report_bad_trial [OBJECTIVE [NAME [DATA]]]: report a trial that is valid but terrible.
# DATA is a JSON list of further results.
orion_report_bad_trial() {
  _orion_value=$(_orion_number "${1-1e10}") || return 1
  # JSON knows no line breaks and tabs in a text.
  _orion_name=$(printf '%s' "${2:-objective}" | tr '\n\r\t' '   ' | sed 's/[\\"]/\\&/g')
  # Without the opening bracket and the blanks after it.
  _orion_more=${3:-"[]"}
  _orion_more=${_orion_more#*\[}
  _orion_more=${_orion_more#"${_orion_more%%[![:space:]]*}"}
  case $_orion_more in
    "]"*) ;;
    *) _orion_more=", $_orion_more" ;;
  esac
  orion_report_results \
    "[{\"name\": \"$_orion_name\", \"type\": \"objective\", \"value\": $_orion_value}$_orion_more"
}

# orion_report_results JSON: report a list of results, [{"name": "loss", "type": "objective", "value": 0.5}, ...].
# "type" is "objective" (needed once), "constraint", "gradient" or "statistic". A script reports once.
orion_report_results() {
  _orion_check || return 1
  # The file as well: a report from a subshell does not reach the variable.
  if [ -n "${_orion_has_reported-}" ] || { [ -n "${ORION_RESULTS_PATH-}" ] && [ -s "$ORION_RESULTS_PATH" ]; }; then
    echo "The results of this script were already reported. Report all of them in one call." >&2
    return 1
  fi
  if [ -z "${ORION_RESULTS_PATH-}" ]; then
    printf '%s\n' "$1"
  else
    _orion_write "$1" || return 1
  fi
  _orion_has_reported=1
}

# orion_report_intermediate STEP VALUE: report the objective so far, while the script runs.
orion_report_intermediate() {
  _orion_step=$(_orion_number "${1?orion_report_intermediate needs a step}") || return 1
  _orion_value=$(_orion_number "${2?orion_report_intermediate needs a value}") || return 1
  if [ -n "${ORION_REPORT_PATH-}" ]; then
    echo "$_orion_step $_orion_value" >>"$ORION_REPORT_PATH" || return 1
  else
    echo "$_orion_step $_orion_value"
  fi
}

# orion_should_stop: true when `orion` asks the script to end early. (It gets a TERM as well.)
orion_should_stop() {
  [ -n "${ORION_STOP_PATH-}" ] && [ -e "$ORION_STOP_PATH" ]
}

# orion_interrupt_trial: end the script so that `orion` stops here and starts this trial again at the next hunt.
orion_interrupt_trial() {
  exit "${ORION_INTERRUPT_CODE:-130}"
}

_orion_check() {
  if [ -n "${ORION_RESULTS_PATH-}" ] && [ ! -f "$ORION_RESULTS_PATH" ]; then
    echo "ORION_RESULTS_PATH is \"$ORION_RESULTS_PATH\", but there is no such file." \
      "Unset it to run the script without orion." >&2
    return 1
  fi
}

# JSON knows neither "+1" nor ".5", "5." or "007", and writes NaN and Infinity in one way.
_orion_number() {
  case $(printf '%s' "$1" | tr '[:upper:]' '[:lower:]') in
    nan | +nan | -nan) echo NaN ;;
    inf | +inf | infinity | +infinity) echo Infinity ;;
    -inf | -infinity) echo -Infinity ;;
    *)
      # grep looks at each line by itself, so a second line could hide a first one that is no number.
      if [ "$(printf '%s\n' "$1" | wc -l)" -ne 1 ] ||
        ! printf '%s\n' "$1" | grep -Eq '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$'; then
        echo "The objective must be a number, not \"$1\"." >&2
        return 1
      fi
      printf '%s\n' "$1" | sed -e 's/^+//' -e 's/^\(-*\)00*\([0-9]\)/\1\2/' -e 's/^\(-*\)[.]/\10./' \
        -e 's/[.]\([eE]\)/\1/' -e 's/[.]$//'
      ;;
  esac
}

# Replace the file as a whole, so that a killed script never leaves half of it.
_orion_write() {
  _orion_temporary=$(dirname "$ORION_RESULTS_PATH")/.results_$$.tmp
  if (printf '%s\n' "$1" >"$_orion_temporary") 2>/dev/null &&
    mv -f "$_orion_temporary" "$ORION_RESULTS_PATH" 2>/dev/null; then
    return 0
  fi
  # A directory that is not ours, or a file mounted alone into a container.
  rm -f "$_orion_temporary" 2>/dev/null || :
  printf '%s\n' "$1" >"$ORION_RESULTS_PATH"
}

# Now rather than after hours of work.
_orion_check

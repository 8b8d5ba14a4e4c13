#!/usr/bin/env node
import { join } from "node:path";
import { openParts } from "./parts.js";

openParts(join(__dirname, "parts/orion.js")).run();

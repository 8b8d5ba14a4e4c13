#!/usr/bin/env node
/**
 * Somebody else's program: a heater with a PID controller warms a room from 10 to 21 °C and keeps it there for two hours,
 * while a window is open from minute 60 to 70. It knows nothing of orion.
 */
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    kp: { type: "string", default: "100" },
    ki: { type: "string", default: "0" },
    kd: { type: "string", default: "0" },
  },
});
const [kp, ki, kd] = [values.kp, values.ki, values.kd].map(Number);

const TARGET = 21; // °C
const STEP = 10; // seconds
const MAXIMUM = 2000; // W

let room = 10;
let heater = 10;
let integral = 0;
let before = TARGET - room;
let discomfort = 0;
let energy = 0;

for (let time = 0; time < 7200; time += STEP) {
  const error = TARGET - room;
  const wanted = kp * error + ki * integral + (kd * (error - before)) / STEP;
  const power = Math.min(MAXIMUM, Math.max(0, wanted));
  if (power === wanted) integral += error * STEP; // else it would wind up
  before = error;

  const isOpen = time >= 3600 && time < 4200;
  const toRoom = 40 * (heater - room);
  heater += ((power - toRoom) / 20_000) * STEP;
  room += ((toRoom - (isOpen ? 160 : 40) * (room - 5)) / 60_000) * STEP;

  discomfort += Math.abs(error) * (STEP / 60);
  energy += (power * STEP) / 3.6e6;
  if (time % 1200 === 0) console.log(`minute ${time / 60}: ${room.toFixed(2)} °C at ${power.toFixed(0)} W`);
}

console.log(`energy: ${energy.toFixed(3)} kWh`);
console.log(`discomfort: ${discomfort.toFixed(4)} degree minutes`);

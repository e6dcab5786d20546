import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  SafeTerminal
} from "./shared-45OH65BV.js";

// src/core/recording/playback.ts
var Playback = class {
  #pace;
  #terminal = new SafeTerminal();
  #decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  #lastMicros = null;
  constructor(pace) {
    this.#pace = pace;
  }
  frame({ micros, stream, payload }) {
    if (stream !== "output") return null;
    const pauseMs = this.#lastMicros === null ? 0 : (micros - this.#lastMicros) / 1e3;
    this.#lastMicros = micros;
    return { waitMs: this.#wait(pauseMs), text: this.#terminal.filter(this.#decoder.decode(payload, { stream: true })) };
  }
  #wait(pauseMs) {
    const { instant, idleMsMax, speed } = this.#pace;
    return instant ? 0 : Math.min(pauseMs, idleMsMax ?? pauseMs) / speed;
  }
};

export {
  Playback
};

import assert from "node:assert/strict";
import { test } from "node:test";

import { find, type Surroundings } from "../src/binary";

function around(files: readonly string[], more: Partial<Surroundings> = {}): Surroundings {
  return {
    platform: "linux",
    home: "/home/ann",
    workspace: "/home/ann/shop",
    environment: { PATH: "/usr/bin:/opt/gate:relative" },
    isFile: (file) => files.includes(file),
    ...more,
  };
}

test("a name is looked for on the PATH, in its order", () => {
  const files = ["/opt/gate/gatec", "/usr/bin/gatec"];
  assert.deepEqual(find("gatec", around(files)), { kind: "found", file: "/usr/bin/gatec" });
  assert.deepEqual(find("gatec", around(files.slice(0, 1))), { kind: "found", file: "/opt/gate/gatec" });
});

test("after the PATH comes where cargo installs, and a relative folder of the PATH is never taken", () => {
  assert.deepEqual(find("gatec", around([])), {
    kind: "missing",
    looked: ["/usr/bin/gatec", "/opt/gate/gatec", "/home/ann/.cargo/bin/gatec"],
  });
  const moved = around(["/c/bin/gatec"], { environment: { CARGO_HOME: "/c" } });
  assert.deepEqual(find("gatec", moved), { kind: "found", file: "/c/bin/gatec" });
});

test("a path is taken as it is, from the workspace or from home", () => {
  const places: readonly (readonly [string, string])[] = [
    ["/srv/gatec", "/srv/gatec"],
    ["./bin/gatec", "/home/ann/shop/bin/gatec"],
    ["bin/gatec", "/home/ann/shop/bin/gatec"],
    ["~/bin/gatec", "/home/ann/bin/gatec"],
    ["${workspaceFolder}/target/debug/gatec", "/home/ann/shop/target/debug/gatec"],
  ];
  for (const [setting, file] of places) {
    assert.deepEqual(find(setting, around([file])), { kind: "found", file }, setting);
  }
  const closed = around(["/home/ann/bin/gatec"], { workspace: undefined });
  assert.deepEqual(find("bin/gatec", closed), { kind: "found", file: "/home/ann/bin/gatec" });
});

test("a path that is not there is not looked for elsewhere", () => {
  assert.deepEqual(find("./gatec", around(["/usr/bin/gatec"])), { kind: "missing", looked: ["/home/ann/shop/gatec"] });
});

test("an empty setting means the default", () => {
  assert.deepEqual(find("  ", around(["/usr/bin/gatec"])), { kind: "found", file: "/usr/bin/gatec" });
});

test("on Windows the PATH has its own form, and a program its ending", () => {
  const windows = (files: readonly string[]): Surroundings =>
    around(files, {
      platform: "win32",
      home: "C:\\Users\\ann",
      workspace: "D:\\shop",
      environment: { Path: "C:\\Windows;C:\\gate" },
    });
  assert.deepEqual(find("gatec", windows(["C:\\gate\\gatec.exe"])), { kind: "found", file: "C:\\gate\\gatec.exe" });
  assert.deepEqual(find("bin\\gatec.exe", windows(["D:\\shop\\bin\\gatec.exe"])), { kind: "found", file: "D:\\shop\\bin\\gatec.exe" });
});

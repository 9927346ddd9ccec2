import { createSocket } from "node:dgram";
import { XRayDaemon } from "../../lab/runtime/xray-daemon";

describe("XRayDaemon", () => {
  test("parses documents behind their header and counts the bytes", async () => {
    const daemon = await XRayDaemon.start();
    const [host, port] = daemon.address.split(":");
    const socket = createSocket("udp4");
    const datagram = '{"format": "json", "version": 1}\n{"id":"a","name":"one"}';
    await new Promise((resolve) => socket.send(datagram, Number(port), host, resolve));
    expect(await daemon.settled()).toEqual([{ id: "a", name: "one" }]);
    expect(daemon.sizes).toEqual([datagram.length]);
    daemon.clear();
    expect(await daemon.settled()).toEqual([]);
    socket.close();
    await daemon.stop();
  });
});

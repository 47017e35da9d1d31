/** True when this browser can draw a map that moves. */
export function canDrawMaps() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    if (!context) return false;
    const release = context.getExtension("WEBGL_lose_context");
    if (release) release.loseContext();
    return true;
  } catch (error) {
    return false;
  }
}

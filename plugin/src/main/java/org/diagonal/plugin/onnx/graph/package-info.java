/**
 * GPT-2 with identity scalings as an ONNX graph, and its weights in float32, float16, 8 or 4 bits.
 */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.onnx.graph;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

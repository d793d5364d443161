/** ONNX: a GPT-2 with identity scalings as a file that other programs run, and run here. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.onnx;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

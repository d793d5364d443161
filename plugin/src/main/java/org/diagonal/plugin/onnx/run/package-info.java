/** Runs an exported model in ONNX Runtime. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.onnx.run;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Fused operators that DJL's NDArray lacks, as one TorchScript archive. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.kernels;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** Fused operators that DJL's NDArray lacks, as one TorchScript archive. */
package org.diagonal.plugin.kernels;

/**
 * GPT-2 with identity scalings for DJL. {@link org.diagonal.plugin.Diagonal} is the door.
 *
 * <p>What is marked {@link org.apiguardian.api.API.Status#MAINTAINED} is for everyone, and stays
 * compatible within a minor version: {@code Diagonal}, the types in its signatures, and the zoo of
 * {@code Criteria}. Packages marked {@link org.apiguardian.api.API.Status#INTERNAL} may change with
 * any release, but for the types in them that are marked themselves. There is no module descriptor:
 * DJL, its engine and ONNX Runtime are automatic modules, whose names may change with their files'.
 */
@API(status = Status.MAINTAINED, since = "0.1.0")
package org.diagonal.plugin;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

/** What a fine-tuner trains: parameters by name, a loss, a folder. Knows no architecture. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.network;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

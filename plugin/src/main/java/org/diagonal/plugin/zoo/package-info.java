/** The DJL model zoo: {@code Criteria} loads GPT-2 with identity scalings. */
@API(status = Status.MAINTAINED, since = "0.1.0")
package org.diagonal.plugin.zoo;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

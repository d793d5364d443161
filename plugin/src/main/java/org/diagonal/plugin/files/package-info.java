/** Files that are written atomically, locked, hashed, and read with clear errors. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.files;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;

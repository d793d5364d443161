/** What a fine-tuner trains: parameters by name, a loss, a folder. Knows no architecture. */
package org.diagonal.plugin.network;

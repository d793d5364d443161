/** The door for DJL users: {@code Criteria} finds GPT-2 with identity scalings. */
package org.diagonal.plugin.zoo;

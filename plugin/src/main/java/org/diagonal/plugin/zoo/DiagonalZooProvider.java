package org.diagonal.plugin.zoo;

import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooProvider;

/** Registers {@link DiagonalZoo} with DJL through {@code META-INF/services}. */
public final class DiagonalZooProvider implements ZooProvider {

    @Override
    public ModelZoo getModelZoo() {
        return new DiagonalZoo();
    }
}

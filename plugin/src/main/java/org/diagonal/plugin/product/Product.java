package org.diagonal.plugin.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** The versions that the build wrote down, so that nobody types them twice. */
public final class Product {

    private static final String FILE = "product.properties";
    private static final Properties VERSIONS = read();

    private Product() {}

    /** This project's version, such as {@code 0.1.0}. */
    public static String version() {
        return version("version");
    }

    /** The version of a library that this project was built with, by its artifact id. */
    static String version(String artifact) {
        return Optional.ofNullable(VERSIONS.getProperty(artifact))
                .orElseThrow(() -> new IllegalStateException(FILE + " lacks " + artifact));
    }

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in = Product.class.getResourceAsStream(FILE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}

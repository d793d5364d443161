package org.diagonal.eval.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** Writes a component of a record on one line, without spaces: rows of long files. */
public final class OneLine extends StdSerializer<Object> {

    private static final long serialVersionUID = 1;

    /** Made by Jackson. */
    public OneLine() {
        super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializerProvider provider)
            throws IOException {
        ObjectMapper mapper = (ObjectMapper) generator.getCodec();
        generator.writeRawValue(mapper.writeValueAsString(value));
    }
}

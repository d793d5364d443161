package org.diagonal.eval.cli.option;

import java.util.ArrayList;
import java.util.List;
import org.diagonal.eval.cli.console.GlobalOptions;
import org.diagonal.eval.cli.console.Heading;
import org.diagonal.eval.evaluate.ScalingChanges;
import org.diagonal.plugin.identity.Head;
import picocli.CommandLine.Option;

/** How the scalings of a model are changed before it is measured. */
@Heading("Changed scalings (--runtime djl)")
public final class ChangeOptions {

    @Option(
            names = "--scale-qk",
            split = ",",
            paramLabel = "T[,T…]",
            description = "multiply every a with T; several T: a measurement for each")
    List<Double> scaleQk = new ArrayList<>();

    @Option(
            names = "--scale-ov",
            split = ",",
            paramLabel = "T[,T…]",
            description = "multiply every b with T; with --scale-qk: all pairs")
    List<Double> scaleOv = new ArrayList<>();

    @Option(
            names = "--without-heads",
            split = ",",
            paramLabel = "L.H[,L.H…]",
            description = "set a and b of these heads to zero: layer and head from 0 on")
    List<Head> withoutHeads = new ArrayList<>();

    /** What is to be changed. */
    public ScalingChanges changes() {
        return new ScalingChanges(scaleQk, scaleOv, withoutHeads);
    }

    /** Refuses these options. */
    public static void refuse(GlobalOptions global, String why) {
        global.refuse(why, List.of("--scale-qk", "--scale-ov", "--without-heads"));
    }
}

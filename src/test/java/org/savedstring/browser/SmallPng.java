package org.savedstring.browser;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;

/** Makes a picture of a page small: such pages have few colours, and of those that are alike one is enough. */
final class SmallPng {

    private static final int COLOURS_MAX = 256;
    private static final int RGB = 0xFFFFFF;

    private SmallPng() {}

    static byte[] of(byte[] png) throws IOException {
        BufferedImage picture = Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(png)));
        int dropped = 0;
        Map<Integer, Integer> colours = colours(picture, dropped);
        while (colours.size() > COLOURS_MAX) {
            dropped++;
            colours = colours(picture, dropped);
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(reduce(picture, colours, mask(dropped)), "png", out);
        return out.toByteArray();
    }

    /** The first of all colours that differ in no more than the lowest bits. */
    private static Map<Integer, Integer> colours(BufferedImage picture, int droppedBits) {
        Map<Integer, Integer> colours = new LinkedHashMap<>();
        int mask = mask(droppedBits);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int colour = picture.getRGB(x, y) & RGB;
                colours.putIfAbsent(colour & mask, colour);
            }
        }
        return colours;
    }

    private static BufferedImage reduce(BufferedImage picture, Map<Integer, Integer> colours, int mask) {
        int[] palette = colours.values().stream().mapToInt(Integer::intValue).toArray();
        var model = new IndexColorModel(8, palette.length, palette, 0, false, -1, 0);
        var reduced =
                new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> places = new LinkedHashMap<>();
        colours.keySet().forEach(colour -> places.put(colour, places.size()));
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int place = Objects.requireNonNull(places.get(picture.getRGB(x, y) & mask));
                reduced.getRaster().setSample(x, y, 0, place);
            }
        }
        return reduced;
    }

    private static int mask(int droppedBits) {
        int channel = 0xFF << droppedBits & 0xFF;
        return channel << 16 | channel << 8 | channel;
    }
}

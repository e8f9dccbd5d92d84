package org.savedstring.store;

import org.jspecify.annotations.Nullable;

/** What readers get between the loss of a version and the next write. */
public enum LossPolicy {
    /** Only word of the loss: what is left was replaced long ago. */
    REFUSE,
    /** What is left, under the number of the version that was lost. */
    SHOW;

    /**
     * What a reader gets.
     *
     * @param lost the loss
     * @param left the last version that is left, or null if there is none
     * @throws StoreException.VersionLost unless what is left is to be shown
     */
    public SavedString read(SavedString lost, @Nullable SavedString left) {
        SavedString last = left == null ? SavedString.INITIAL : left;
        if (this == REFUSE) {
            throw new StoreException.VersionLost(lost.version(), last.version());
        }
        return new SavedString(
                last.value(), lost.version(), lost.updatedAt(), last.updatedBy(), lost.revision(), last.text());
    }
}

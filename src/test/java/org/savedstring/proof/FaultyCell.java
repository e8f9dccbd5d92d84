package org.savedstring.proof;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.savedstring.machine.Cell;

/** A class of faults of a cell, which is whole before each of them, and again after it. */
abstract class FaultyCell {

    final Cell cell;
    final FaultProof proof;

    FaultyCell(Cell cell) {
        this.cell = cell;
        this.proof = new FaultProof(cell);
    }

    @BeforeEach
    @AfterEach
    void everythingIsWell() {
        proof.heal();
    }
}

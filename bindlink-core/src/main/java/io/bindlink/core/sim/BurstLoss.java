package io.bindlink.core.sim;

/**
 * Loss that comes in bursts (Gilbert-Elliott): the link is in a good or a bad state, may change it with every packet,
 * and loses packets with a probability of its own in each. A burst lasts {@code 1 / recover} packets on average.
 * Immutable.
 *
 * @param fail probability, per packet, of turning from good to bad, 0..1
 * @param recover probability, per packet, of turning from bad to good, 0..1
 * @param lossInBad probability of losing a packet in the bad state, 0..1
 * @param lossInGood probability of losing a packet in the good state, 0..1
 */
public record BurstLoss(double fail, double recover, double lossInBad, double lossInGood) {
    /**
     * Checks the ranges.
     *
     * @param fail as the component
     * @param recover as the component
     * @param lossInBad as the component
     * @param lossInGood as the component
     */
    public BurstLoss {
        LinkModel.checkProbability("fail", fail);
        LinkModel.checkProbability("recover", recover);
        LinkModel.checkProbability("lossInBad", lossInBad);
        LinkModel.checkProbability("lossInGood", lossInGood);
    }

    /**
     * Bursts that lose everything, and no loss between them (Gilbert's simple model).
     *
     * @param fail probability, per packet, that a burst begins
     * @param recover probability, per packet, that it ends
     * @return the loss
     */
    public static BurstLoss of(double fail, double recover) {
        return new BurstLoss(fail, recover, 1, 0);
    }
}

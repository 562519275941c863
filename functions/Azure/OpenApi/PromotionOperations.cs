using Serverless.Functions.Azure.Experiments;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Promotions;
using Serverless.Orchestrations.Promotion;

namespace Serverless.Functions.Azure.OpenApi;

internal static class PromotionOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("StartPromotion", "Starts taking a version to an environment")
            .ByName()
            .Header(PromotionRequest.KeyHeader, "The same key starts the same promotion once")
            .Takes<PromotionRequest>()
            .Gives<PromotionAnswer>(202, "Started, or was before; Location says where its status is")
            .Fails(404, 409, 422),
        new Operation("ListPromotions", $"Promotions, the newest first. {SystemOperations.Bound}")
            .Query("environment", "Where to")
            .Query("model", "Of this model")
            .Paged()
            .Gives<ListAnswer<PromotionAnswer>>(),
        new Operation("ShowPromotion", "A promotion with its plan, steps, findings and verdict").Gives<PromotionAnswer>().Fails(404),
        new Operation(
            "ShowTrial",
            "How the guardrails stood during a step: what was measured, what is allowed, and the evidence, over time"
        )
            .Gives<WatchAnswer>()
            .Fails(404),
        new Operation("DecidePromotion", "Approves or refuses; nobody approves their own")
            .ByName()
            .Takes<DecisionRequest>()
            .Gives<PromotionAnswer>(202, "Heard")
            .Fails(403, 404, 409),
        new Operation("CancelPromotion", "Ends it; what served before serves again")
            .ByName()
            .Takes<ReasonRequest>(isOptional: true)
            .Gives<PromotionAnswer>(202, "Heard")
            .Fails(404, 409),
        new Operation("RollbackModel", "Brings back what served before, whatever is at work")
            .ByName()
            .Query("environment", "Where", required: true)
            .Takes<ReasonRequest>(isOptional: true)
            .Gives<RollbackOutcome>()
            .Fails(404, 409),
        new Operation("StartExperiment", "Divides the traffic between arms, the first of which is the control")
            .ByName()
            .Takes<ExperimentRequest>()
            .Gives<ExperimentAnswer>(201, "Started")
            .Fails(409),
        new Operation("ListExperiments", "Experiments, running and stopped, the newest first, without their slices")
            .Query("environment", "Where")
            .Query("model", "Of this model")
            .Paged()
            .Gives<ListAnswer<ExperimentAnswer>>(),
        new Operation("ShowExperiment", "An experiment with the verdict of this moment, valid however often one looks")
            .Gives<ExperimentAnswer>()
            .Fails(404),
        new Operation("StopExperiment", "Ends it; the control serves again").Gives<ExperimentAnswer>().Fails(404),
    ];
}

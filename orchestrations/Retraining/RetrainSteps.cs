using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Promotion;

namespace Serverless.Orchestrations.Retraining;

/// <summary>Trains a version from an export and registers it. The same package registers once, so that it may be done again.</summary>
public sealed class TrainVersion(VersionTraining training)
{
    [Function(nameof(TrainVersion))]
    public Task<TrainedVersion> RunAsync([ActivityTrigger] TrainInput input, CancellationToken cancellationToken) =>
        training.RunAsync(input, cancellationToken);
}

/// <summary>
/// Starts the promotion of a version, or queues it behind another of the model. Null, or why it could not. Its key is the id.
/// </summary>
public sealed class StartTrainedPromotion(PromotionGate gate)
{
    [Function(nameof(StartTrainedPromotion))]
    public async Task<string?> RunAsync(
        [ActivityTrigger] TrainedPromotion input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        PromotionInput wanted = input.Promotion;
        PromotionTarget target = new(input.Id, wanted.To, wanted.Model, wanted.Version, Before: null);
        PromotionTurn turn = await gate.EnterAsync(client, target, mayWait: true, cancellationToken);
        if (turn.Verdict == TurnVerdict.Refused)
        {
            return $"Promotion '{turn.Holder}' of '{wanted.Model}' to {wanted.To} is at work, and the queue is full.";
        }
        await client.StartAsync(input.Id, wanted, cancellationToken);
        return null;
    }
}

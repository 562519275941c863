using Microsoft.Azure.Functions.Worker;
using Serverless.Validation;

namespace Serverless.Orchestrations.Validation;

/// <summary>Holds the trial and keeps what it saw. Its key is the report: a trial that was kept is not held again.</summary>
public sealed class TryModel(ModelValidation validation)
{
    [Function(nameof(TryModel))]
    public Task RunAsync([ActivityTrigger] ValidationFacts facts, CancellationToken cancellationToken) => validation.TryAsync(facts, cancellationToken);
}

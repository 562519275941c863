using Microsoft.Azure.Functions.Worker;
using Serverless.Validation;

namespace Serverless.Orchestrations.Validation;

public sealed record CheckModelInput(string Report, string Model, int Version, string Environment);

/// <summary>
/// Compares the package with its digests and signature, and settles by what it is judged. Changes nothing; its key is the report.
/// </summary>
public sealed class CheckModel(ModelValidation validation)
{
    [Function(nameof(CheckModel))]
    public Task<ValidationFacts> RunAsync([ActivityTrigger] CheckModelInput input, CancellationToken cancellationToken) =>
        validation.CheckAsync(input.Report, input.Model, input.Version, input.Environment, cancellationToken);
}

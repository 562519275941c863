using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Costs;

/// <param name="Scope">Of what the numbers are: of one process, where others may run beside it.</param>
/// <param name="Unpriced">What no cost can be given for, in words; empty where all prices are configured.</param>
/// <param name="Models">The dearest first.</param>
internal sealed record CostAnswer(
    string Scope,
    DateTimeOffset Since,
    string Currency,
    double PerProcessorHour,
    double PerGpuHour,
    IReadOnlyList<string> Unpriced,
    IReadOnlyList<ModelCost> Models
);

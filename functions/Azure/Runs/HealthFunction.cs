using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Index;

namespace Serverless.Functions.Azure.Runs;

internal sealed record HealthAnswer(
    string Status,
    string Provider,
    IReadOnlyList<string> Stores,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<SpaceCount> Index,
    ProcessorUse Processor
);

/// <summary>Seconds of processor time since the process started.</summary>
/// <param name="Models">Of these, inside ONNX Runtime.</param>
internal sealed record ProcessorUse(double Process, double Models);

/// <summary>Answers as soon as requests are served, at which time models and index are loaded; touches no storage.</summary>
public sealed class HealthFunction(AssetStores stores, AssetIndex index, InferenceRuntime runtime, TextAnalyzer texts, ImageAnalyzer images)
{
    [Function("Health")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request) =>
        Answers.Json(
            new HealthAnswer(
                "ready",
                runtime.Provider,
                [.. stores.All.Select(store => store.Name)],
                [.. texts.Models.Concat(images.Models).Distinct()],
                index.Counts,
                new ProcessorUse(Environment.CpuUsage.TotalTime.TotalSeconds, InferenceRuntime.ProcessorTime.TotalSeconds)
            )
        );
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Serving.OpenInference;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

internal sealed record LiveAnswer(bool Live);

internal sealed record ReadyAnswer(bool Live, bool Ready);

internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>The protocol's sections "Server Live", "Server Ready" and "Server Metadata".</summary>
public sealed class ServerFunctions(ModelServer models, IHostApplicationLifetime lifetime)
{
    private static readonly string[] Extensions =
    [
        BinaryTensorData.Extension,
        ClassifiedOutput.Extension,
        ConfigurationFunctions.Extension,
        RepositoryFunctions.Extension,
        StatisticsFunctions.Extension,
    ];

    [Function("ServerLive")]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/health/live")] HttpRequest request) =>
        Answers.Json(new LiveAnswer(true));

    /// <summary>
    /// Ready once every model that is configured to be kept warm is loaded; no more once the server stops. Not ready is a 4xx, as probes
    /// expect. What a rollout names does not count: a candidate that fails to load must not take the instance from its callers.
    /// </summary>
    [Function("ServerReady")]
    public IResult Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/health/ready")] HttpRequest request)
    {
        bool ready = !lifetime.ApplicationStopping.IsCancellationRequested && models.Configured.All(models.IsReady);
        return Answers.Json(new ReadyAnswer(true, ready), ready ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    [Function("ServerMetadata")]
    public static IResult Metadata([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2")] HttpRequest request) =>
        Answers.Json(new ServerMetadata("serverless", typeof(ServerFunctions).Assembly.GetName().Version!.ToString(3), Extensions));
}

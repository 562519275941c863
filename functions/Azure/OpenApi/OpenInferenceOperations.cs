using Serverless.Functions.Azure.Predictions;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Serving.OpenInference;

namespace Serverless.Functions.Azure.OpenApi;

internal static class OpenInferenceOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ServerLive", "Whether requests are taken").InProtocol().Gives<LiveAnswer>(),
        new Operation("ServerReady", "Whether the models that are kept warm are loaded")
            .InProtocol()
            .Gives<ReadyAnswer>()
            .Gives<ReadyAnswer>(400, "Not ready"),
        new Operation("ServerMetadata", "Name, version and extensions of the server").InProtocol().Gives<ServerMetadata>(),
        Metadata(new Operation("ModelMetadata", "The tensors and versions of a model")),
        Metadata(new Operation("ModelVersionMetadata", "The tensors of one version")),
        Readiness(new Operation("ModelReady", "Whether the version that serves is loaded; loads it")),
        Readiness(new Operation("ModelVersionReady", "Whether a version is loaded; loads it")),
        Configuration(new Operation("ModelConfig", "How the version that serves is run; loads it")),
        Configuration(new Operation("ModelVersionConfig", "How one version is run; loads it")),
        new Operation("AllModelStatistics", "What the models in this process's memory have done since they were loaded")
            .InProtocol()
            .Gives<StatisticsAnswer>(),
        Statistics(new Operation("ModelStatistics", "The same of one model's versions")),
        Statistics(new Operation("ModelVersionStatistics", "The same of one version; empty where it is not in memory")),
        InEnvironment(new Operation("RepositoryIndex", "What the environment's aliases name, and whether it is loaded"))
            .Takes<RepositoryIndexBody>(isOptional: true)
            .Gives<IReadOnlyList<RepositoryEntry>>(description: "By name")
            .Fails(413, 415),
        Refused(new Operation("LoadModel", "Always refused: the aliases decide what is loaded")),
        Refused(new Operation("UnloadModel", "Always refused: the aliases decide what is loaded")),
        Inference(new Operation("InferModel", "Asks the version that serves")),
        Inference(new Operation("InferModelVersion", "Asks one version")),
    ];

    private static Operation Metadata(Operation operation) => InEnvironment(operation).Gives<ModelMetadata>().Fails(404, 500);

    private static Operation Readiness(Operation operation) =>
        InEnvironment(operation).Gives<ModelReadyAnswer>().Gives<ModelReadyAnswer>(400, "Not ready").Fails(404, 500);

    private static Operation Configuration(Operation operation) =>
        InEnvironment(operation).Gives<ModelConfiguration>().Fails(404, 500, 504);

    private static Operation Statistics(Operation operation) => operation.InProtocol().Gives<StatisticsAnswer>().Fails(404, 500);

    private static Operation Refused(Operation operation) => operation.InProtocol().Gives<OpenInferenceError>(501, "What to do instead");

    private static Operation InEnvironment(Operation operation) =>
        operation.InProtocol().Header(CallTermsReader.EnvironmentHeader, "The environment whose serving version is meant; prod if absent");

    private static Operation Inference(Operation operation) =>
        PredictionOperations
            .WithTerms(operation)
            .InProtocol()
            .Header(BinaryTensorData.HeaderLength, "Bytes of the JSON, where binary data follows it", "integer")
            .TakesOf(new Content("application/json", Type: typeof(InferenceRequest)))
            .Takes("application/octet-stream", "The JSON, and behind it the binary data of the inputs that have it")
            .Gives<InferenceResponse>(description: "The outputs; application/octet-stream where one of them was asked for as binary data")
            .Fails(404, 408, 413, 415, 500, 504);
}

using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Registry;
using Serverless.Serving;
using Serverless.Serving.OpenInference;
using Serverless.Serving.Work;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>The protocol's section "Inference", with binary tensor data in both directions and outputs as classes.</summary>
public sealed class InferFunction(Predictor predictor, PredictionOptions options, CallTermsReader reader)
{
    [Function("InferModel")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v2/models/{model}/infer")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    ) => InferAsync(request, model, null, cancellationToken);

    [Function("InferModelVersion")]
    public Task<IResult> RunVersionAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "v2/models/{model}/versions/{version}/infer")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken
    ) => InferAsync(request, model, NamedVersions.Parse(model, version), cancellationToken);

    private async Task<IResult> InferAsync(HttpRequest request, string model, int? version, CancellationToken cancellationToken)
    {
        CallTerms terms = reader.Read(request, model);
        ReadOnlyMemory<byte> body = await RequestBody.ReadAsync(request, options.Protocol.MaxBodyBytes, cancellationToken);
        InferRequest asked = InferRequestReader.Read(body, JsonLength(request), options.Protocol);
        terms = terms.WithKey(asked.Parameters.GetValueOrDefault("routing_key") as string) with
        {
            Parameters = CallParameters.ReadKnown(asked.Parameters),
        };
        TensorRequest tensors = new(asked.Inputs, asked.Outputs?.Select(output => output.Name).ToArray());
        Prediction prediction = await predictor.RunAsync(model, version, terms, new TensorsWork(tensors), cancellationToken);
        prediction.Announce(request.HttpContext.Response);
        return new InferResult(asked, prediction.Id, Classify(asked, prediction.Outcome));
    }

    private static IReadOnlyList<NamedTensor> Classify(InferRequest asked, WorkOutcome outcome) =>
        [
            .. ((IReadOnlyList<NamedTensor>)outcome.Value).Select(output =>
                asked.ClassesOf(output.Name) is { } count ? ClassifiedOutput.Of(output, count, outcome.Labels) : output
            ),
        ];

    private static int? JsonLength(HttpRequest request)
    {
        string? text = request.Headers[BinaryTensorData.HeaderLength];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            ? length
            : throw RequestProblem.BadRequest($"{BinaryTensorData.HeaderLength} is '{text}'; allowed is the number of bytes of the JSON.");
    }
}

using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.Http.Lanes;

/// <summary>Admits HTTP requests by lane; a full lane answers 429 at once and holds up no other. Thread-safe.</summary>
internal sealed class LaneMiddleware : IFunctionsWorkerMiddleware, IDisposable
{
    private readonly Lane[] _all;
    private readonly Lane _others;
    private readonly FrozenDictionary<string, Lane> _lanes;

    public LaneMiddleware(LaneOptions options, TimeProvider time)
    {
        BodyMemory memory = new(options.BodyBytes);
        (Lane Lane, string[] Functions)[] lanes =
        [
            (
                new("predictions", options.Predictions, memory, options, time),
                ["Predict", "InferModel", "InferModelVersion", "SearchByText", "SearchByImage", "FindSimilar", "Feedback"]
            ),
            (new("uploads", options.Uploads, memory, options, time), ["UploadAsset", "RegisterModel", "StoreGolden", "StoreGoldenMedia"]),
            (new("events", options.Events, memory, options, time), ["ResultAnnounced"]),
        ];
        // Bodies of the data plane take no room of theirs: control calls are answered while it is flooded.
        _others = new("others", null, new BodyMemory(options.BodyBytes), options, time);
        _all = [.. lanes.Select(lane => lane.Lane), _others];
        _lanes = lanes
            .SelectMany(lane => lane.Functions.Select(function => (Function: function, lane.Lane)))
            .ToFrozenDictionary(lane => lane.Function, lane => lane.Lane);
    }

    /// <summary>The functions that are in a lane.</summary>
    internal IEnumerable<string> Functions => _lanes.Keys;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        Lane lane = _lanes.GetValueOrDefault(ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name), _others);
        using LanePlace place = new(lane);
        using BodyShare share = new(lane.Memory);
        if (context.GetHttpContext() is HttpContext http)
        {
            http.Features.Set(share);
            http.Features.Set(place);
        }
        await next(context);
    }

    public void Dispose()
    {
        foreach (Lane lane in _all)
        {
            lane.Dispose();
        }
    }
}

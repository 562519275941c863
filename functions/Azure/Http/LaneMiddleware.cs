using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Serverless.Functions.Azure.Predictions.OpenInference;

namespace Serverless.Functions.Azure.Http;

/// <summary>Admits HTTP requests by lane; a full lane answers 429 at once and holds up no other. Thread-safe.</summary>
internal sealed class LaneMiddleware : IFunctionsWorkerMiddleware, IDisposable
{
    private readonly BodyMemory _bodies;
    private readonly TimeSpan _bodyWithin;
    private readonly TimeProvider _time;
    private readonly FrozenDictionary<string, (string Name, int Limit, ConcurrencyLimiter Limiter)> _lanes;

    public LaneMiddleware(LaneOptions options, TimeProvider time)
    {
        (_bodies, _bodyWithin, _time) = (new BodyMemory(options.BodyBytes), options.BodyWithin, time);
        (string Name, int Limit, string[] Functions)[] lanes =
        [
            (
                "predictions",
                options.Predictions,
                ["Predict", "InferModel", "InferModelVersion", "SearchByText", "SearchByImage", "FindSimilar", "Feedback"]
            ),
            ("uploads", options.Uploads, ["UploadAsset", "RegisterModel", "StoreGolden", "StoreGoldenMedia"]),
            ("events", options.Events, ["ResultAnnounced"]),
        ];
        _lanes = lanes
            .SelectMany(lane =>
            {
                ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions { PermitLimit = lane.Limit, QueueLimit = 0 });
                return lane.Functions.Select(function => (function, (lane.Name, lane.Limit, limiter)));
            })
            .ToFrozenDictionary(lane => lane.function, lane => lane.Item2);
    }

    /// <summary>The functions that are in a lane.</summary>
    internal IEnumerable<string> Functions => _lanes.Keys;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!_lanes.TryGetValue(ProtocolRoutes.DeclaredName(context.FunctionDefinition.Name), out var lane))
        {
            await next(context);
            return;
        }
        using RateLimitLease permit = lane.Limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            throw RequestProblem.TooMany(
                $"{lane.Limit} requests of the lane '{lane.Name}' are being answered, which is as many as are allowed at a time."
            );
        }
        using CancellationTokenSource late = new(_bodyWithin, _time);
        using BodyShare share = new(_bodies, late.Token);
        context.GetHttpContext()?.Features.Set(share);
        await next(context);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Limiter.Dispose();
        }
    }
}

using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving.Work;

namespace Serverless.Serving;

/// <summary>An answered request.</summary>
/// <param name="Model">The version that answered.</param>
/// <param name="AfterAnswer">What is still to be done once the caller has the answer, its capture above all; to be called exactly
/// once.</param>
public sealed record Prediction(PredictionId Id, ModelReference Model, WorkOutcome Outcome, CaptureTimes Times, Action AfterAnswer);

/// <summary>The status by which an entry point answers a fault, as captures record it.</summary>
public delegate int FaultStatus(Exception fault);

/// <summary>
/// One request from its input to its answer: the rollout says which version, the model server answers, the capture is handed over.
/// Thread-safe.
/// </summary>
public sealed class Predictor(
    ModelServer models,
    ModelRegistry registry,
    RolloutTable routes,
    CaptureWriter captures,
    CaptureOptions capturing,
    PredictionSeals seals,
    SignatureGate gate,
    ShadowTraffic shadows,
    PredictionMeter meter,
    FaultStatus statusOf,
    TimeProvider time
)
{
    private const int ClientClosedRequest = 499;

    /// <param name="version">The version that the caller names; null where the rollout chooses.</param>
    /// <param name="work">Disposed of after an answer, by the answer's AfterAnswer or the shadow traffic; else it stays the
    /// caller's.</param>
    public async Task<Prediction> RunAsync(
        string model,
        int? version,
        CallTerms terms,
        IPredictionWork work,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource deadline = new(Max(terms.Deadline - time.GetUtcNow(), TimeSpan.Zero), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        (PredictionId Id, Route Route)? chosen = null;
        try
        {
            Route route = await ChooseAsync(model, version, terms, either.Token);
            PredictionId id = PredictionId.Create(model, route.Version, terms.Environment, route.Arm, time.GetUtcNow());
            chosen = (id, route);
            ModelVersion answering = new(model, route.Version);
            await gate.CheckAsync(answering, terms.Environment, either.Token);
            using ModelLease lease = await models.AcquireAsync(answering, either.Token);
            WorkOutcome outcome = await work.RunAsync(
                lease.Model,
                new RequestTerms(terms.Priority, terms.Deadline, terms.WaitsForRoom),
                either.Token
            );
            PredictionSeal? seal = await seals.FindAsync();
            id = seal?.Seal(id, outcome.View.BestLabel) ?? id;
            return Answered(id, lease.Model.Reference, route, terms, work, outcome);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            ServingException late = new(
                ServingFault.DeadlinePassed,
                $"The deadline of a request for model {model} passed before it was answered.",
                e
            );
            Failed(chosen, terms, work, late, cancellationToken);
            throw late;
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt || (chosen is not null && version is null))
        {
            // As a package that was changed: no further try loads it. That it lacks a signature is no fault of a caller who named none.
            ServingException changed = new(ServingFault.LoadFailed, $"Model {model} could not be loaded: {e.Message}", e);
            Failed(chosen, terms, work, changed, cancellationToken);
            throw changed;
        }
        catch (Exception e)
        {
            Failed(chosen, terms, work, e, cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// The model that would answer on these terms, for who must know it before the input can be made; nothing is captured. Dispose the
    /// lease soon.
    /// </summary>
    /// <param name="version">As in <see cref="RunAsync"/>.</param>
    public async Task<ModelLease> LeaseAsync(string model, int? version, CallTerms terms, CancellationToken cancellationToken)
    {
        Route route = await ChooseAsync(model, version, terms, cancellationToken);
        ModelVersion answering = new(model, route.Version);
        await gate.CheckAsync(answering, terms.Environment, cancellationToken);
        return await models.AcquireAsync(answering, cancellationToken);
    }

    private async ValueTask<Route> ChooseAsync(string model, int? version, CallTerms terms, CancellationToken cancellationToken)
    {
        if (version is not { } pinned)
        {
            return await routes.ChooseAsync(terms.Environment, model, terms.RoutingKey, terms.Arm, cancellationToken);
        }
        ModelVersion wanted = new(model, pinned);
        if (!models.IsReady(wanted) && await registry.FindAsync(wanted, cancellationToken) is null)
        {
            throw Refusal.Missing($"Model '{model}' has no version {pinned}.");
        }
        return new Route(pinned, ArmNames.Pinned, ShadowVersion: null, Revision: 0);
    }

    private CaptureRecord RecordOf(
        PredictionId id,
        Route route,
        CallTerms terms,
        IPredictionWork work,
        TokenCounts tokens,
        DateTimeOffset ended
    ) =>
        new()
        {
            Kind = CaptureKind.Prediction,
            PredictionId = id.ToString(),
            Time = ended,
            Model = id.Model,
            Version = id.Version,
            Environment = id.Environment,
            Arm = id.Arm,
            Revision = route.Revision,
            KeyHash = terms.KeyHash,
            Source = terms.Source,
            Asset = terms.Asset,
            AssetVersion = terms.AssetVersion,
            Input = Described(work, terms.Parameters, tokens),
        };

    private InputSummary Described(IPredictionWork work, CallParameters given, TokenCounts tokens)
    {
        InputSummary input = work.Describe(capturing);
        if (tokens.All > 0)
        {
            double unknown = Math.Round(tokens.Unknown / (double)tokens.All, 4);
            input = input with
            {
                Features = new Dictionary<string, double>(input.Features ?? new Dictionary<string, double>())
                {
                    ["unknownTokens"] = unknown,
                },
            };
        }
        return ReferenceEquals(given, CallParameters.None) ? input : input with { Numbers = given.Numbers, Words = given.Words };
    }

    private Prediction Answered(
        PredictionId id,
        ModelReference model,
        Route route,
        CallTerms terms,
        IPredictionWork work,
        WorkOutcome outcome
    )
    {
        CaptureTimes times = TimesOf(outcome.Times, time.GetElapsedTime(terms.Arrived));
        DateTimeOffset answered = time.GetUtcNow();
        return new Prediction(id, model, outcome, times, () =>
        {
            CaptureRecord record = RecordOf(id, route, terms, work, outcome.Tokens, answered) with
            {
                Status = 200,
                Times = times,
                Output = outcome.View.Summarise(captures.TakesVector(id)),
            };
            captures.TryWrite(record);
            meter.Answered(record, times.Total);
            if (route.ShadowVersion is { } shadow)
            {
                shadows.Add(new ShadowJob(work, record, outcome, shadow));
            }
            else
            {
                work.Dispose();
            }
        });
    }

    /// <summary>What failed before it had a version belongs to no model's captures.</summary>
    private void Failed(
        (PredictionId Id, Route Route)? chosen,
        CallTerms terms,
        IPredictionWork work,
        Exception fault,
        CancellationToken cancellationToken
    )
    {
        if (chosen is not var (id, route))
        {
            return;
        }
        int status = cancellationToken.IsCancellationRequested ? ClientClosedRequest : statusOf(fault);
        CaptureTimes times = TimesOf(default, time.GetElapsedTime(terms.Arrived));
        CaptureRecord record = RecordOf(id, route, terms, work, default, time.GetUtcNow()) with
        {
            Status = status,
            Fault = NameOf(fault, status),
            Times = times,
        };
        captures.TryWrite(record);
        meter.Answered(record, times.Total);
    }

    /// <summary>What the server measured, and as overhead the rest of all that was spent on the request.</summary>
    private static CaptureTimes TimesOf(RequestTimes served, TimeSpan total)
    {
        TimeSpan overhead = served.Overhead + Max(total - served.Total, TimeSpan.Zero);
        return new CaptureTimes(Ms(overhead), Ms(served.Queue), Ms(served.Input), Ms(served.Infer), Ms(served.Output));
    }

    internal static string NameOf(Exception fault, int status) =>
        fault switch
        {
            _ when status == ClientClosedRequest => "disconnected",
            ServingException serving => char.ToLowerInvariant(serving.Fault.ToString()[0]) + serving.Fault.ToString()[1..],
            ModelFaultException => "modelFault",
            OperationCanceledException => "stopping",
            _ => "internal",
        };

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 4);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

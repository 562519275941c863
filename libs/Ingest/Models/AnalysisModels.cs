using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Packages;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Serving.Work;

namespace Serverless.Ingest.Models;

/// <summary>An input as one version is to see it.</summary>
/// <param name="Work">Null where there is nothing to ask; the answer is then read from null.</param>
public sealed record PreparedInput<T>(IPredictionWork? Work, Func<WorkOutcome?, T> Read);

/// <summary>
/// Asks the models of a role about an asset: of each the version that the environment's rollout chooses for the asset, so that promotion,
/// canary, shadow and captures count uploads like other callers. Embedding models are asked once more by each version whose space is kept
/// up to date. Waits where models are busy; thread-safe.
/// </summary>
public sealed class AnalysisModels(
    Predictor predictor,
    RolloutTable routes,
    ServingSpaces spaces,
    RolesOptions roles,
    TimeProvider time,
    ILogger<AnalysisModels> log
)
{
    /// <summary>
    /// Calls about texts at once, each of at most one part of a text: half of what may wait for a model, the rest is for callers.
    /// </summary>
    private const int MaxTextCalls = 8;
    private const int MaxPictureCalls = 32;

    private readonly ConcurrentDictionary<(ModelRole Role, string Model), ModelUse> _last = new();
    private readonly SemaphoreSlim _texts = new(MaxTextCalls);
    private readonly SemaphoreSlim _pictures = new(MaxPictureCalls);

    /// <summary>Of each model the version that was last chosen here.</summary>
    public IReadOnlyList<ModelUse> Last => [.. _last.OrderBy(last => last.Key.Role).Select(last => last.Value)];

    /// <summary>What the rollout chose comes first, in the order of the configuration.</summary>
    /// <exception cref="NotServedException">Nothing serves one of the models in the environment.</exception>
    public async Task<IReadOnlyList<RoleAnswer<T>>> AskAsync<T>(
        ModelRole role,
        AssetSource asset,
        Func<ServedModel, PreparedInput<T>> prepare,
        CancellationToken cancellationToken
    )
    {
        SemaphoreSlim calls = role is ModelRole.TextEmbedding or ModelRole.Entities or ModelRole.Topics ? _texts : _pictures;
        List<RoleAnswer<T>> answers = [];
        await calls.WaitAsync(cancellationToken);
        try
        {
            foreach (string model in roles.Of(role))
            {
                answers.Add(await AskAsync(role, model, null, asset, prepare, cancellationToken));
                _last[(role, model)] = answers[^1].Use;
            }
            foreach (EmbeddingVersion kept in await KeptAsync(role, cancellationToken))
            {
                if (!answers.Any(answer => IsOf(answer.Model, kept)))
                {
                    answers.AddRange(await AskKeptAsync(role, kept, asset, prepare, cancellationToken));
                }
            }
        }
        finally
        {
            calls.Release();
        }
        return answers;
    }

    /// <summary>Null where all models that media of this kind need are served; else that the analysis has to wait for one.</summary>
    public async Task<AnalysisOutcome?> FindUnservedAsync(MediaKind kind, CancellationToken cancellationToken)
    {
        foreach (string model in ModelRoles.NeededBy(kind).SelectMany(roles.Of))
        {
            if (await routes.FindLastPlanAsync(roles.Environment, model, cancellationToken) is null)
            {
                return AnalysisOutcome.WaitFor(model, roles.Environment);
            }
        }
        return null;
    }

    /// <summary>The versions that would be asked about an asset, loaded.</summary>
    /// <exception cref="NotServedException">Nothing serves one of the models in the environment.</exception>
    public async Task<ChosenModels> ChooseAsync(IEnumerable<ModelRole> wanted, AssetSource? asset, CancellationToken cancellationToken)
    {
        List<ModelUse> uses = [];
        int side = 0;
        foreach (ModelRole role in wanted)
        {
            List<ModelReference> chosen = [];
            foreach (string model in roles.Of(role))
            {
                using ModelLease lease = await predictor.LeaseAsync(model, null, Terms(asset), cancellationToken);
                chosen.Add(lease.Model.Reference);
                _last[(role, model)] = role.UseOf(lease.Model.Reference);
                side = Math.Max(side, lease.Model.InputSide);
            }
            foreach (EmbeddingVersion kept in await KeptAsync(role, cancellationToken))
            {
                if (!chosen.Any(model => IsOf(model, kept)))
                {
                    using ModelLease beside = await predictor.LeaseAsync(kept.Model, kept.Version, Terms(asset), cancellationToken);
                    chosen.Add(beside.Model.Reference);
                    side = Math.Max(side, beside.Model.InputSide);
                }
            }
            uses.AddRange(chosen.Select(model => role.UseOf(model)));
        }
        return new ChosenModels(uses, side);
    }

    /// <summary>
    /// Nothing where the version is gone: that keeps no upload from being analysed, and what its space lacks, a rollback embeds anew.
    /// </summary>
    private async Task<IReadOnlyList<RoleAnswer<T>>> AskKeptAsync<T>(
        ModelRole role,
        EmbeddingVersion kept,
        AssetSource asset,
        Func<ServedModel, PreparedInput<T>> prepare,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return [await AskAsync(role, kept.Model, kept.Version, asset, prepare, cancellationToken)];
        }
        catch (ServingException e) when (e.Fault is ServingFault.Missing or ServingFault.LoadFailed)
        {
            log.NotEmbedded(kept.Model, kept.Version, e.Message);
            return [];
        }
    }

    private async ValueTask<IEnumerable<EmbeddingVersion>> KeptAsync(ModelRole role, CancellationToken cancellationToken) =>
        role.Embeds() && await spaces.FindAsync(role, cancellationToken) is { } space ? space.Kept(time.GetUtcNow()) : [];

    private static bool IsOf(ModelReference model, EmbeddingVersion version) =>
        model.Name == version.Model && model.Version == $"{version.Version}";

    /// <summary>Where the traffic changed between looking at a version and asking, the input is prepared for the other one.</summary>
    private async Task<RoleAnswer<T>> AskAsync<T>(
        ModelRole role,
        string model,
        int? version,
        AssetSource asset,
        Func<ServedModel, PreparedInput<T>> prepare,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            CallTerms terms = Terms(asset);
            (ModelReference seen, int dimensions, PreparedInput<T> input) = await PrepareAsync(
                model,
                version,
                terms,
                prepare,
                cancellationToken
            );
            if (input.Work is not { } work)
            {
                return new RoleAnswer<T>(role, seen, dimensions, input.Read(null), TimeSpan.Zero, default);
            }
            Prediction prediction = await RunAsync(model, version, terms, work, cancellationToken);
            prediction.AfterAnswer();
            if (prediction.Model == seen)
            {
                TimeSpan inference = TimeSpan.FromMilliseconds(prediction.Times.Infer);
                return new RoleAnswer<T>(role, seen, dimensions, input.Read(prediction.Outcome), inference, prediction.Outcome.Spent);
            }
        }
    }

    private async Task<(ModelReference, int, PreparedInput<T>)> PrepareAsync<T>(
        string model,
        int? version,
        CallTerms terms,
        Func<ServedModel, PreparedInput<T>> prepare,
        CancellationToken cancellationToken
    )
    {
        using ModelLease lease = await predictor.LeaseAsync(model, version, terms, cancellationToken);
        return (lease.Model.Reference, lease.Model.Dimensions, prepare(lease.Model));
    }

    private async Task<Prediction> RunAsync(
        string model,
        int? version,
        CallTerms terms,
        IPredictionWork work,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await predictor.RunAsync(model, version, terms, work, cancellationToken);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>The asset is the routing key: all of its calls meet the same arm.</summary>
    private CallTerms Terms(AssetSource? asset) =>
        new(roles.Environment, asset?.AssetId ?? "", null, RequestPriority.Low, time.GetUtcNow() + roles.AnswerWithin, time.GetTimestamp())
        {
            WaitsForRoom = true,
            Source = CaptureRecord.Upload,
            Asset = asset?.AssetId,
            AssetVersion = asset?.VersionId,
        };
}

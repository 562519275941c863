using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Rollout.Experiments;

/// <summary>Starts, judges, reweighs and stops experiments. Thread-safe; what breaks off half way is finished by the next call.</summary>
public sealed class ExperimentControl(
    ExperimentStore store,
    ExperimentReader reader,
    RolloutStore rollouts,
    ModelRegistry registry,
    ModelAliases aliases,
    ArmGuard guard,
    TimeProvider time
)
{
    private const double LeastChange = 0.01;

    /// <summary>Of the experiment's age, that weights hold: about 500 changes in a fortnight.</summary>
    private const double LeastPart = 0.02;

    /// <exception cref="ExperimentException">It cannot run as designed, or something else holds the traffic.</exception>
    public async Task<ExperimentRecord> StartAsync(string id, ExperimentDesign design, string by, CancellationToken cancellationToken)
    {
        ModelAlias alias = await CheckAsync(id, design, cancellationToken);
        ExperimentRecord experiment = new(id, design, by, time.GetUtcNow(), null, [], null);
        // Looked at before the experiment is there, which a refusal would leave behind.
        ThrowIfHeld(await rollouts.FindAsync(design.Environment, design.Model, cancellationToken), experiment);
        if (!await store.AddAsync(experiment, cancellationToken))
        {
            throw new ExperimentException(ExperimentFault.Conflict, $"There is an experiment '{id}' already.");
        }
        RolloutRecord? stands = await rollouts.UpdateAsync(
            design.Environment,
            design.Model,
            record => experiment.Take(record, alias.Version),
            cancellationToken
        );
        if (experiment.HolderOf(stands) is not null)
        {
            await store.UpdateAsync(id, known => known with { Stopped = time.GetUtcNow() }, cancellationToken);
        }
        ThrowIfHeld(stands, experiment);
        return await SyncAsync(id, cancellationToken);
    }

    /// <summary>All of them, the latest first; one from which somebody took the traffic, by a rollback for instance, is stopped.</summary>
    public async Task<Listed<ExperimentRecord>> ListAsync(CancellationToken cancellationToken)
    {
        Listed<ExperimentRecord> all = await store.ListAsync(cancellationToken);
        List<ExperimentRecord> found = [];
        List<string> faults = [.. all.Faults];
        foreach (ExperimentRecord experiment in all.Items)
        {
            try
            {
                found.Add(experiment.Stopped is null ? await SyncAsync(experiment.Id, cancellationToken) : experiment);
            }
            catch (Exception e) when (ListedDocuments.IsUnreadable(e))
            {
                found.Add(experiment);
                faults.Add($"The rollout of experiment '{experiment.Id}' cannot be read; it was changed by other means than the API.");
            }
        }
        return new(found, faults);
    }

    /// <summary>Null when there is none of that id.</summary>
    public async Task<(ExperimentRecord Experiment, ExperimentVerdict Verdict)?> JudgeAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }
        ExperimentRecord experiment = await SyncAsync(id, cancellationToken);
        return (experiment, await JudgeAsync(experiment, cancellationToken));
    }

    /// <summary>All callers back to what the alias names; the verdict of this moment is kept. Null when there is none of that id.</summary>
    public async Task<ExperimentRecord?> StopAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }
        ExperimentRecord experiment = await SyncAsync(id, cancellationToken);
        await rollouts.UpdateAsync(
            experiment.Design.Environment,
            experiment.Design.Model,
            record => record?.Owner == experiment.Owner ? record.Cleared() : record,
            cancellationToken
        );
        experiment = await store.UpdateAsync(
            id,
            known => known.Stopped is null ? known with { Stopped = time.GetUtcNow() } : known,
            cancellationToken
        );
        ExperimentVerdict verdict = await JudgeAsync(experiment, cancellationToken);
        return await store.UpdateAsync(id, known => known with { Verdict = verdict }, cancellationToken);
    }

    /// <summary>Gives better arms of an adaptive experiment more callers.</summary>
    public async Task ReweighAsync(string id, CancellationToken cancellationToken)
    {
        ExperimentRecord experiment = await SyncAsync(id, cancellationToken);
        if (!experiment.Design.Adaptive || experiment.Stopped is not null || experiment.Epochs.Count == 0)
        {
            return;
        }
        // Later weights move less and hold for longer, which also bounds how many there will ever be.
        DateTimeOffset now = time.GetUtcNow();
        if (now - experiment.Epochs[^1].From < LeastPart * (now - experiment.Started))
        {
            return;
        }
        (ExperimentTally tally, _) = await reader.ReadAsync(experiment, cancellationToken);
        IReadOnlyList<ExperimentArm> arms = experiment.Epochs[^1].Arms;
        bool moreIsBetter = experiment.Design.Metric is ExperimentMetric.Feedback or ExperimentMetric.Score;
        double[] weights = ThompsonSampler.Weigh([.. arms.Select(arm => tally.Of(arm.Name))], moreIsBetter, seed: experiment.Epochs.Count);
        if (arms.Zip(weights).All(pair => Math.Abs(pair.First.Weight - pair.Second) < LeastChange))
        {
            return;
        }
        RunningExperiment next = new(id, [.. arms.Zip(weights, (arm, weight) => arm with { Weight = weight })]);
        await rollouts.UpdateAsync(
            experiment.Design.Environment,
            experiment.Design.Model,
            record => record?.Owner == experiment.Owner ? record with { Experiment = next } : record,
            cancellationToken
        );
        await SyncAsync(id, cancellationToken);
    }

    public async Task ReweighAllAsync(CancellationToken cancellationToken)
    {
        foreach (ExperimentRecord experiment in (await store.ListAsync(cancellationToken)).Items)
        {
            if (experiment is { Stopped: null, Design.Adaptive: true })
            {
                await ReweighAsync(experiment.Id, cancellationToken);
            }
        }
    }

    /// <summary>What would serve without the experiment.</summary>
    private async Task<ModelAlias> CheckAsync(string id, ExperimentDesign design, CancellationToken cancellationToken)
    {
        if (design.Validate(id).ToList() is { Count: > 0 } problems)
        {
            throw new ExperimentException(ExperimentFault.Invalid, string.Join(' ', problems));
        }
        foreach (int version in design.Arms.Select(arm => arm.Version).Distinct())
        {
            if (await registry.FindAsync(design.Model, version, cancellationToken) is null)
            {
                throw new ExperimentException(ExperimentFault.Invalid, $"Model '{design.Model}' has no version {version}.");
            }
        }
        ModelAlias alias = await aliases.FindAsync(design.Environment, design.Model, cancellationToken)
            ?? throw new ExperimentException(
                ExperimentFault.Conflict,
                $"Nothing serves '{design.Model}' in {design.Environment}; an experiment needs what to go back to."
            );
        return await guard(design, cancellationToken) is { } fault ? throw new ExperimentException(ExperimentFault.Conflict, fault) : alias;
    }

    private static void ThrowIfHeld(RolloutRecord? record, ExperimentRecord experiment)
    {
        if (experiment.HolderOf(record) is { } holder)
        {
            ExperimentDesign design = experiment.Design;
            throw new ExperimentException(
                ExperimentFault.Conflict,
                $"The traffic of '{design.Model}' in {design.Environment} is held by '{holder}'."
            );
        }
    }

    private async Task<ExperimentVerdict> JudgeAsync(ExperimentRecord experiment, CancellationToken cancellationToken)
    {
        (ExperimentTally tally, bool truncated) = await reader.ReadAsync(experiment, cancellationToken);
        return ExperimentJudge.Judge(experiment, tally, time.GetUtcNow(), truncated);
    }

    /// <summary>
    /// Notes the weights of the record that stands, and that the experiment has ended where somebody took the traffic from it.
    /// </summary>
    private async Task<ExperimentRecord> SyncAsync(string id, CancellationToken cancellationToken)
    {
        ExperimentRecord known = (await store.FindAsync(id, cancellationToken))!;
        if (known.Stopped is not null)
        {
            return known;
        }
        RolloutRecord? record = await rollouts.FindAsync(known.Design.Environment, known.Design.Model, cancellationToken);
        return await store.UpdateAsync(id, experiment => experiment.Note(record, time.GetUtcNow()), cancellationToken);
    }
}

public enum ExperimentFault
{
    Invalid,
    Conflict,
}

/// <summary>An experiment that cannot be started; the message says why.</summary>
public sealed class ExperimentException(ExperimentFault fault, string message) : Exception(message)
{
    public ExperimentFault Fault { get; } = fault;
}

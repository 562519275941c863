using System.Text.Json.Serialization;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Operations;

/// <summary>What an operator does to a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunAct>))]
public enum RunAct
{
    Suspend,
    Resume,

    /// <summary>Ends it, and the runs that it waits for. Activities that are at work go on, and nobody takes their result.</summary>
    Terminate,

    /// <summary>Begins it anew under its id, with its first input.</summary>
    Restart,

    /// <summary>Has a failed one go on from the step that failed.</summary>
    Rewind,

    /// <summary>Forgets one that has ended.</summary>
    Purge,
}

/// <summary>Which acts a run takes as it stands.</summary>
public static class RunActRules
{
    private const int MaxIdCharacters = 256; // the extension's own

    /// <summary>Why it cannot be done; null where it can.</summary>
    public static string? FaultOf(RunAct act, OrchestrationMetadata run)
    {
        string found = $"Run '{run.InstanceId}' is {run.RuntimeStatus.ToString().ToLowerInvariant()}";
        return act switch
        {
            RunAct.Suspend when run.IsCompleted || run.RuntimeStatus == OrchestrationRuntimeStatus.Suspended =>
                $"{found}; only one that goes on can be suspended.",
            RunAct.Resume when run.RuntimeStatus != OrchestrationRuntimeStatus.Suspended =>
                $"{found}; only one that is suspended can be resumed.",
            RunAct.Terminate when run.IsCompleted => $"{found}; only one that has not ended can be terminated.",
            RunAct.Restart when !run.IsCompleted => $"{found}; only one that has ended can be restarted. Terminate it first.",
            RunAct.Rewind when run.RuntimeStatus != OrchestrationRuntimeStatus.Failed =>
                $"{found}; only one that has failed can be rewound.",
            RunAct.Purge when !run.IsCompleted => $"{found}; only one that has ended can be purged. Terminate it first.",
            RunAct.Restart when KnownOrchestrator.Find(run.Name) is { MayRestart: false } known =>
                $"Runs of {run.Name} are started by {known.Starters} alone, where more is checked; ask there for another.",
            _ => null,
        };
    }

    /// <exception cref="RunActException">The engine gives no run this id, or no address could name the run.</exception>
    public static void CheckId(string id)
    {
        if (id.Length is 0 or > MaxIdCharacters)
        {
            throw new RunActException(
                RunActFault.Invalid,
                $"The id of the run has {id.Length:N0} characters; allowed are 1 to {MaxIdCharacters}."
            );
        }
        if (id[0] == '@' || id.Any(one => one is '/' or '\\' or '#' or '?' || char.IsControl(one)))
        {
            throw new RunActException(
                RunActFault.Invalid,
                "The id of a run begins with no '@' and has no '/', '\\', '#', '?' and no control character in it."
            );
        }
        if (string.IsNullOrWhiteSpace(id) || id is "." or ".." || id.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            // The engine starts one with a blank id and never runs it; the others an address cannot hold (RFC 3986, 5.2.4).
            throw new RunActException(
                RunActFault.Invalid,
                $"The id of the run is '{id}'; allowed is one that is not blank, not '.' and not '..', and has no '%2F' in it."
            );
        }
    }
}

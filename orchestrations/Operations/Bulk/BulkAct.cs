using System.Text.Json.Serialization;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <summary>What is done to many at once: to runs, by the names of <see cref="RunAct"/>; to jobs that runs wait for; to uploads.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BulkAct>))]
public enum BulkAct
{
    Suspend = RunAct.Suspend,
    Resume = RunAct.Resume,
    Terminate = RunAct.Terminate,
    Restart = RunAct.Restart,
    Rewind = RunAct.Rewind,
    Purge = RunAct.Purge,

    /// <summary>Of the job that a run waits for.</summary>
    Requeue,

    /// <summary>Of the job that a run waits for.</summary>
    Cancel,

    /// <summary>Of an upload in quarantine.</summary>
    Redrive,
}

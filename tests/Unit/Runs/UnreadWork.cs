using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Unit.Runs;

/// <summary>A recorder for tests that do work and do not look at what is recorded of it: nothing is written.</summary>
internal static class UnreadWork
{
    public static WorkRecorder In(IObjectStore store) =>
        new(
            new RunRecorder(
                store,
                new RunIndexOptions { WaitAtMost = TimeSpan.Zero },
                TimeProvider.System,
                NullLogger<RunRecorder>.Instance
            ),
            TimeProvider.System
        );
}

using Xunit;

// Twice as many as a small machine has processors: at any time about half of the tests wait, for a child process or for a server.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]

namespace Serverless.Unit;

/// <summary>Tests that measure the process as a whole: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

using Xunit;

namespace Serverless.Unit;

/// <summary>Tests that measure the process as a whole: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

using Serverless.Inference.Serving;
using Serverless.Packages;

namespace Serverless.Unit.Inference.Serving;

/// <summary>Servers of the packages in tests/Data/models.</summary>
internal static class TestServers
{
    public static ModelVersion VersionOf(string name) => new(name, 1);

    public static ModelServer Start(
        ServingOptions? options = null,
        TimeProvider? time = null,
        Func<ModelVersion, CancellationToken, Task<string>>? fetch = null
    ) =>
        new(
            TestModels.Runtime,
            fetch ?? ((version, _) => Task.FromResult(TestModels.Folder(version.Name))),
            options ?? new ServingOptions(),
            time ?? TimeProvider.System
        );
}

using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>Who wins where several write one object, on both stores.</summary>
public sealed class WriteConditionTests(SharedServers servers)
{
    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_IfAbsentOverAnObject_Conflicts(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("once");
        await store.WriteTextAsync(path, "first", WriteCondition.IfAbsent);

        await Assert.ThrowsAsync<ObjectConflictException>(() => store.WriteTextAsync(path, "second", WriteCondition.IfAbsent));

        Assert.Equal("first", await store.ReadTextAsync(path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_IfMatch_HoldsForTheCurrentVersionOnly(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("cas");
        StoredObject first = await store.WriteTextAsync(path, "1", WriteCondition.Always);

        StoredObject second = await store.WriteTextAsync(path, "2", WriteCondition.IfMatch(first.Version));

        await Assert.ThrowsAsync<ObjectConflictException>(() => store.WriteTextAsync(path, "3", WriteCondition.IfMatch(first.Version)));
        await store.DeleteAsync(path, Token);
        await Assert.ThrowsAsync<ObjectConflictException>(() => store.WriteTextAsync(path, "4", WriteCondition.IfMatch(second.Version)));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_TwentyWritersAtOnce_ExactlyOneWins(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("race");
        StoredObject start = await store.WriteTextAsync(path, "start", WriteCondition.Always);

        bool[] won = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    try
                    {
                        await store.WriteTextAsync(path, $"writer {i}", WriteCondition.IfMatch(start.Version));
                        return true;
                    }
                    catch (ObjectConflictException)
                    {
                        return false;
                    }
                })
        );

        Assert.Single(won, true);
        Assert.Equal($"writer {Array.IndexOf(won, true)}", await store.ReadTextAsync(path));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Write_LargeStreamIfAbsent_ConflictsWhenItIsDone(string name)
    {
        IObjectStore store = await servers.OpenStoreAsync(name);
        string path = TestStores.NewPath("large.bin");
        await store.WriteTextAsync(path, "first", WriteCondition.Always);

        await Assert.ThrowsAsync<ObjectConflictException>(() =>
            store.WriteAsync(path, new PatternStream(9 << 20), WriteCondition.IfAbsent, "video/mp4", Token)
        );

        Assert.Equal("first", await store.ReadTextAsync(path));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}

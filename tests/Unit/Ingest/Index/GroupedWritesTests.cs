using Serverless.Ingest.Index;
using Serverless.Vectors;
using Xunit;

namespace Serverless.Unit.Ingest.Index;

public sealed class GroupedWritesTests
{
    [Fact]
    public async Task WhatComesDuringAWrite_GoesTogether_AndAFaultEndsNobodyElses()
    {
        List<string> groups = [];
        Queue<TaskCompletionSource> answers = new([new(), new(), new()]);
        TaskCompletionSource[] all = [.. answers];
        GroupedWrites writes = new(group =>
        {
            groups.Add(string.Join('+', group.Select(batch => batch.Asset)));
            return answers.Dequeue().Task;
        });

        Task first = Add("a"),
            second = Add("b"),
            third = Add("c");
        all[0].SetResult();
        await first;
        all[1].SetException(new IOException("away"));
        await Assert.ThrowsAsync<IOException>(() => second);
        await Assert.ThrowsAsync<IOException>(() => third);
        Task fourth = Add("d");
        all[2].SetResult();
        await fourth;

        Assert.Equal(["a", "b+c", "d"], groups);

        Task Add(string asset) => writes.AddAsync(AssetVectors.Tombstone(asset, "1", DateTimeOffset.UnixEpoch));
    }
}

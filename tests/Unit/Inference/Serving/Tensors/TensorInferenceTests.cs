using System.Runtime.InteropServices;
using System.Text;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Tensors;

public sealed class TensorInferenceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, byte[]> Elements = new() // two of each
    {
        ["BOOL"] = [1, 0],
        ["UINT8"] = [0, 255],
        ["UINT16"] = Bytes<ushort>(1, 65_535),
        ["UINT32"] = Bytes<uint>(1, uint.MaxValue),
        ["UINT64"] = Bytes<ulong>(1, ulong.MaxValue),
        ["INT8"] = Bytes<sbyte>(-128, 127),
        ["INT16"] = Bytes<short>(-32_768, 32_767),
        ["INT32"] = Bytes(int.MinValue, int.MaxValue),
        ["INT64"] = Bytes(long.MinValue, long.MaxValue),
        ["FP16"] = Bytes((Half)1.5, Half.NaN),
        ["FP32"] = Bytes(1.5f, float.NegativeInfinity),
        ["FP64"] = Bytes(1e300, -0.0),
    };

    private static readonly ReadOnlyMemory<byte>[] Words = [Encoding.UTF8.GetBytes("größe"), new byte[] { 255, 0, 128 }];

    [Fact]
    public async Task EveryDatatype_PassesThrough_Unchanged()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-all"), Ct);
        Assert.Equal(Elements.Keys.Append("BYTES"), lease.Model.Inputs.Select(i => i.Datatype));

        ServedAnswer<IReadOnlyList<NamedTensor>> answer = await lease.Model.InferAsync(new TensorRequest(AllInputs(1, 2)), default, Ct);

        Assert.Equal(lease.Model.Outputs.Select(o => (o.Name, o.Datatype)), answer.Value.Select(t => (t.Name, t.Datatype)));
        Assert.All(answer.Value, t => Assert.Equal([1, 2], t.Shape));
        Assert.All(answer.Value.SkipLast(1), t => Assert.Equal(Elements[t.Datatype], t.Data.ToArray()));
        Assert.Equal(Words.Select(w => w.ToArray()), answer.Value[^1].Items.Select(i => i.ToArray()));
    }

    [Fact]
    public async Task EmptyTensors_AreAnsweredEmpty()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-all"), Ct);
        NamedTensor[] inputs = [.. lease.Model.Inputs.Select(i => new NamedTensor(i.Name, i.Datatype, [0, 2]))];

        ServedAnswer<IReadOnlyList<NamedTensor>> answer = await lease.Model.InferAsync(
            new TensorRequest(inputs, ["out_FP32", "out_BYTES"]),
            default,
            Ct
        );

        Assert.All(answer.Value, t => Assert.True(t.Shape is [0, 2] && t.Data.IsEmpty && t.Items.Count == 0));
    }

    /// <summary>Callers were told that their tensors do not go together, or, before the model had answered, of a fault of ours.</summary>
    [Theory, InlineData(null), InlineData(26)]
    public async Task ARequestWhoseTextsGrowTooLong_IsRefusedByTheBound(int? always)
    {
        using TemporaryPackage package = LoopModel.DoublingText("doubling", always);
        using InferenceRuntime runtime = new(new RuntimeOptions { MaxStringBytes = 64 << 20 });
        ServingOptions options = new();
        await using ModelServer server = new(runtime, (_, _) => Task.FromResult(package.Folder), options, TimeProvider.System);
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("doubling"), Ct);
        NamedTensor input = always is null
            ? new NamedTensor("trips", "INT64", [1]) { Data = Bytes(26L) }
            : new NamedTensor("x", "FP32", [1]) { Data = Bytes(0f) };

        var refused = await Assert.ThrowsAsync<ServingException>(() => lease.Model.InferAsync(new TensorRequest([input]), default, Ct));

        Assert.Equal(ServingFault.TooLarge, refused.Fault);
        Assert.Contains("allowed are 64 (MaxStringBytes)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestsOfManyCallers_GetTheirOwnRows_AndABadOneFailsAlone()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-rows"), Ct);

        Task<ServedAnswer<IReadOnlyList<NamedTensor>>>[] requests =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(i => lease.Model.InferAsync(Rows(i, row: i == 77 ? 9 : i % 4, rows: 1 + (i % 3)), default, Ct)),
        ];
        await Task.WhenAll(requests).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.IsType<ServingException>(requests[77].Exception!.InnerException);
        for (int i = 0; i < requests.Length; i++)
        {
            if (i == 77)
            {
                continue;
            }
            IReadOnlyList<NamedTensor> tensors = (await requests[i]).Value;
            Assert.Equal([1 + (i % 3), 2], tensors[0].Shape);
            Assert.All(Floats(tensors[0]), value => Assert.Equal(2f * i, value));
            Assert.Equal(Enumerable.Repeat<float[]>([2 * (i % 4), (2 * (i % 4)) + 1], 1 + (i % 3)).SelectMany(r => r), Floats(tensors[1]));
        }
    }

    /// <summary>Its first dimension is a time: run one behind another, the second sum would go on from the first.</summary>
    [Fact]
    public async Task RequestsOfModelsWithoutABatch_AreNotJoined()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-time"), Ct);

        ServedAnswer<IReadOnlyList<NamedTensor>>[] answers = await Task.WhenAll(
            Enumerable
                .Range(1, 50)
                .Select(i =>
                    lease.Model.InferAsync(
                        new TensorRequest([new NamedTensor("samples", "FP32", [3]) { Data = Bytes<float>(i, i, i) }]),
                        default,
                        Ct
                    )
                )
        );

        Assert.Equal(Enumerable.Range(1, 50).Select(i => new float[] { i, 2 * i, 3 * i }), answers.Select(a => Floats(a.Value[0])));
        Assert.All(answers, a => Assert.Equal(1, a.BatchItems));
    }

    public static TheoryData<string, string, long[], int, string> Faults() =>
        new()
        {
            { "y", "FP32", [1, 2], 8, "found the input 'y'; expected the inputs 'x', 'row'" },
            { "x", "FP64", [1, 2], 16, "found the input 'x' with datatype FP64; expected FP32 [-1,-1]" },
            { "x", "FP32", [2], 8, "found the input 'x' with shape [2]; expected FP32 [-1,-1]" },
            { "x", "FP32", [-1, 2], 8, "found the input 'x' with shape [-1,2]" },
            { "x", "FP32", [1, 2], 7, "found the input 'x' of shape [1,2] with 7 bytes; expected 8 bytes" },
            { "x", "FP32", [3_000_000_000, 3_000_000_000], 8, "expected at most 2147483647 elements" },
        };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Rejects_WhatTheGraphDoesNotTake(string name, string datatype, long[] shape, int bytes, string message)
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-rows"), Ct);
        TensorRequest request = new([new NamedTensor(name, datatype, shape) { Data = new byte[bytes] }, Rows(0, 0, 1).Inputs[1]]);

        var error = await Assert.ThrowsAsync<ServingException>(() => lease.Model.InferAsync(request, default, Ct));

        Assert.Equal(ServingFault.InvalidInput, error.Fault);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "found the input 'row' with 4; expected -4 to 3, for a table of 4 rows")]
    [InlineData(-5, "found the input 'row' with -5; expected -4 to 3, for a table of 4 rows")]
    public async Task Rejects_ValuesThatAreNoRowOfTheirTable(long row, string message)
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-rows"), Ct);

        var error = await Assert.ThrowsAsync<ServingException>(() => lease.Model.InferAsync(Rows(0, row, 1), default, Ct));

        Assert.Equal(ServingFault.InvalidInput, error.Fault);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the signature leaves open, and the graph does not take: ids and a mask of different lengths.</summary>
    [Fact]
    public async Task Rejects_SizesThatDoNotGoTogether()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("text-mean"), Ct);
        TensorRequest request = new([
            new NamedTensor("input_ids", "INT64", [1, 3]) { Data = Bytes<long>(1, 2, 3) },
            new NamedTensor("attention_mask", "INT64", [1, 2]) { Data = Bytes<long>(1, 1) },
            new NamedTensor("token_type_ids", "INT64", [1, 3]) { Data = Bytes<long>(0, 0, 0) },
        ]);

        var error = await Assert.ThrowsAsync<ServingException>(() => lease.Model.InferAsync(request, default, Ct));

        Assert.Equal(ServingFault.InvalidInput, error.Fault);
        Assert.Contains("text-mean/1: found tensors that the graph cannot take (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejects_MissingAndDoubledInputs_UnknownOutputs_AndOddBooleans()
    {
        await using ModelServer server = TestServers.Start();
        using ModelLease rows = await server.AcquireAsync(TestServers.VersionOf("tensors-rows"), Ct),
            all = await server.AcquireAsync(TestServers.VersionOf("tensors-all"), Ct);
        NamedTensor[] good = [.. Rows(0, 0, 1).Inputs];
        async Task<string> RefuseAsync(ServedModel model, TensorRequest request) =>
            (await Assert.ThrowsAsync<ServingException>(() => model.InferAsync(request, default, Ct))).Message;

        Assert.Contains("found no input 'row'", await RefuseAsync(rows.Model, new TensorRequest([good[0]])), StringComparison.Ordinal);
        Assert.Contains(
            "found the input 'x' 2 times",
            await RefuseAsync(rows.Model, new TensorRequest([good[0], good[0], good[1]])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "expected the outputs 'twice', 'looked_up'",
            await RefuseAsync(rows.Model, new TensorRequest(good, ["thrice"])),
            StringComparison.Ordinal
        );
        NamedTensor[] odd = AllInputs(1, 2);
        odd[0] = odd[0] with { Data = new byte[] { 1, 2 } };
        Assert.Contains(
            "with 2 as element 1; expected 0 or 1 in a BOOL tensor",
            await RefuseAsync(all.Model, new TensorRequest(odd)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task TooLarge_IsRefused_WithBothNumbers()
    {
        await using ModelServer server = TestServers.Start(new ServingOptions { MaxBatchElements = 100 });
        using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf("tensors-rows"), Ct);

        var error = await Assert.ThrowsAsync<ServingException>(() => lease.Model.InferAsync(Rows(1, 1, rows: 40), default, Ct));

        Assert.Equal((ServingFault.ItemTooLarge, 120, 100), (error.Fault, error.Found, error.Allowed));
    }

    private static TensorRequest Rows(float value, long row, int rows) =>
        new([
            new NamedTensor("x", "FP32", [rows, 2]) { Data = Bytes([.. Enumerable.Repeat(value, 2 * rows)]) },
            new NamedTensor("row", "INT64", [rows]) { Data = Bytes([.. Enumerable.Repeat(row, rows)]) },
        ]);

    private static NamedTensor[] AllInputs(params long[] shape) =>
        [
            .. Elements.Select(e => new NamedTensor($"in_{e.Key}", e.Key, shape) { Data = e.Value }),
            new NamedTensor("in_BYTES", "BYTES", shape) { Items = Words },
        ];

    private static byte[] Bytes<T>(params T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static float[] Floats(NamedTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}

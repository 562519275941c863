using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Inference.Serving;
using Serverless.Serving.OpenInference;
using Xunit;

namespace Serverless.Unit.Serving.OpenInference;

public sealed class InferCodecTests(ITestOutputHelper output)
{
    private static readonly ProtocolLimits Limits = new();

    /// <summary>What is written as a response reads as a request, to the bit: flat, and with the data before what describes it.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Read_OfWhatWasWritten_GivesTheSameTensors(int seed)
    {
        Random random = new(seed);
        NamedTensor[] tensors = [.. Enum.GetValues<Datatype>().Select(datatype => Tensor(random, datatype))];
        bool binary = seed % 2 == 0,
            dataFirst = seed % 3 == 0;

        (byte[] body, int jsonLength) = AsRequest(Write(tensors, binary), tensors, binary, dataFirst);
        InferRequest request = InferRequestReader.Read(body, jsonLength, Limits);

        Assert.Equal(tensors.Select(tensor => tensor.Name), request.Inputs.Select(input => input.Name));
        foreach ((NamedTensor expected, NamedTensor found) in tensors.Zip(request.Inputs))
        {
            Assert.Equal(expected.Datatype, found.Datatype);
            Assert.Equal(expected.Shape, found.Shape);
            Assert.Equal(Convert.ToHexString(Same(expected)), Convert.ToHexString(Same(found)));
        }
    }

    /// <summary>
    /// Hostile requests are refused with a message; nothing else ever comes out, and nothing is reserved that was not sent.
    /// </summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Read_MutatedRequests_GivesARequestOrAProblem(int seed)
    {
        Random random = new(seed);
        NamedTensor[] tensors = [Tensor(random, Datatype.Fp32), Tensor(random, Datatype.Bytes), Tensor(random, Datatype.Bool)];
        (byte[] original, int jsonLength) = AsRequest(Write(tensors, binary: true), tensors, binary: true, dataFirst: false);
        int refused = 0;
        for (int i = 0; i < 3_000; i++)
        {
            byte[] body = [.. original];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }
            if (random.Next(4) == 0)
            {
                body = body[..random.Next(body.Length)];
            }
            try
            {
                InferRequestReader.Read(body, random.Next(8) == 0 ? random.Next(-2, body.Length + 2) : jsonLength, Limits);
            }
            catch (ServingException problem)
            {
                Assert.True(problem.Fault is ServingFault.InvalidInput or ServingFault.TooLarge);
                refused++;
            }
        }
        output.WriteLine($"seed {seed}: {refused} of 3000 refused");
        Assert.True(refused > 1_000);
    }

    private static NamedTensor Tensor(Random random, Datatype datatype)
    {
        long[] shape = [random.Next(0, 4), random.Next(1, 5), random.Next(1, 3)];
        int elements = (int)(shape[0] * shape[1] * shape[2]);
        byte[] data = new byte[elements * datatype.SizeOf()];
        random.NextBytes(data);
        if (datatype == Datatype.Bool)
        {
            for (int i = 0; i < data.Length; i++)
            {
                data[i] &= 1;
            }
        }
        return new NamedTensor($"input {datatype} \"ü\"", datatype.NameOf(), shape)
        {
            Data = data,
            Items = datatype == Datatype.Bytes ? [.. Enumerable.Range(0, elements).Select(_ => Text(random))] : [],
        };
    }

    private static ReadOnlyMemory<byte> Text(Random random) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => new Rune(random.Next(0xD800)).ToString())));

    private static JsonNode Write(NamedTensor[] tensors, bool binary)
    {
        ArrayBufferWriter<byte> json = new();
        InferResponseWriter.Write(
            new InferResponse(
                "m",
                "1",
                "id",
                new Dictionary<string, object>
                {
                    ["a"] = 1L,
                    ["b"] = true,
                    ["c"] = "x",
                    ["d"] = 0.5,
                },
                tensors
            ),
            _ => binary,
            json
        );
        return JsonNode.Parse(json.WrittenSpan)!;
    }

    private static (byte[] Body, int JsonLength) AsRequest(JsonNode response, NamedTensor[] tensors, bool binary, bool dataFirst)
    {
        JsonArray inputs =
        [
            .. response["outputs"]!
                .AsArray()
                .Select(tensor => new JsonObject(
                    (dataFirst ? tensor!.AsObject().Reverse() : tensor!.AsObject()).Select(field => new KeyValuePair<string, JsonNode?>(
                        field.Key,
                        field.Value!.DeepClone()
                    ))
                )),
        ];
        byte[] json = Encoding.UTF8.GetBytes(new JsonObject { ["id"] = "1", ["inputs"] = inputs }.ToJsonString());
        ArrayBufferWriter<byte> body = new();
        body.Write(json);
        if (binary)
        {
            foreach (NamedTensor tensor in tensors)
            {
                BinaryTensorData.Write(tensor, body);
            }
        }
        return (body.WrittenSpan.ToArray(), json.Length);
    }

    /// <summary>All NaN are one: JSON has one name for them.</summary>
    private static byte[] Same(NamedTensor tensor) =>
        Datatypes.Parse(tensor.Datatype) switch
        {
            Datatype.Fp16 =>
            [
                .. tensor.Data.ToArray().Chunk(2).SelectMany(bytes => Half.IsNaN(BitConverter.ToHalf(bytes)) ? [0xFF, 0xFF] : bytes),
            ],
            Datatype.Fp32 =>
            [
                .. tensor.Data.ToArray().Chunk(4).SelectMany(bytes => float.IsNaN(BitConverter.ToSingle(bytes)) ? [0xFF] : bytes),
            ],
            Datatype.Fp64 =>
            [
                .. tensor.Data.ToArray().Chunk(8).SelectMany(bytes => double.IsNaN(BitConverter.ToDouble(bytes)) ? [0xFF] : bytes),
            ],
            Datatype.Bytes => [.. tensor.Items.SelectMany(item => item.ToArray().Append((byte)0xFF))],
            _ => tensor.Data.ToArray(),
        };
}

using Serverless.Packages;
using Serverless.Packages.Onnx;
using Serverless.Unit.Inference;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Packages.Onnx;

public sealed class OnnxReaderTests
{
    private static byte[] Graph(string name) => File.ReadAllBytes(Path.Combine(TestModels.Folder(name), "model.onnx"));

    [Fact]
    public void Read_TellsWhatTheGraphDeclares()
    {
        OnnxModel model = OnnxReader.Read(Graph("text-fixed"), ModelLimits.Default);

        Assert.Equal(17, model.Opsets[""]);
        Assert.Equal(
            ["'input_ids' Int64[2,16]", "'attention_mask' Int64[2,16]", "'token_type_ids' Int64[2,16]"],
            model.Inputs.Select(i => i.ToString())
        );
        Assert.Equal(["'last_hidden_state' Float[2,16,8]"], model.Outputs.Select(o => o.ToString()));
        Assert.Empty(model.ExternalData);
    }

    [Fact]
    public void Read_FindsExternalData()
    {
        OnnxModel model = OnnxReader.Read(Graph("text-external"), ModelLimits.Default);

        Assert.All(model.ExternalData, d => Assert.Equal("weights.bin", d.Location));
        Assert.NotEmpty(model.ExternalData);
    }

    [Theory]
    [InlineData("Gather", null, 3L)]
    [InlineData("Gather", 0L, 3L)]
    [InlineData("Gather", 1L, null)]
    [InlineData("GatherElements", null, null)]
    public void Read_FindsTheRowsOfTablesThatInputsAreLookedUpIn(string op, long? axis, long? rows)
    {
        byte[] attribute = axis is { } value ? Field(5, [.. Field(1, "axis"), .. Field(3, value), .. Field(20, 2)]) : [];
        byte[] table = Field(5, Tensor("w", 1, [3, 2], new byte[24]));

        OnnxModel model = OnnxReader.Read(
            Model(table, op, nodeFields: [.. Field(1, "w"), .. Field(1, "x"), .. attribute]),
            ModelLimits.Default
        );

        Assert.Equal(rows, model.TableRows.TryGetValue("x", out long found) ? found : null);
    }

    /// <summary>Where quantized, optimised and branching exports have their tables.</summary>
    public static TheoryData<string, byte[]> Lookups()
    {
        byte[] table = Field(5, Tensor("w", 2, [3, 2], new byte[6]));
        byte[] constant = Field(5, [.. Field(1, "value"), .. Field(5, Tensor("", 2, [3, 2], new byte[6]))]);
        byte[] branch = Field(5, [.. Field(1, "then_branch"), .. Field(6, Node("Gather", ["w", "x"], "z"))]);
        return new()
        {
            { "quantized", [.. table, .. Node("DequantizeLinear", ["w", "s"], "d"), .. Node("Gather", ["d", "x"], "z")] },
            { "of a constant", [.. Node("Constant", [], "c", constant), .. Node("Gather", ["c", "x"], "z")] },
            { "by reshaped values", [.. table, .. Node("Reshape", ["x", "s"], "r"), .. Node("Gather", ["w", "r"], "z")] },
            { "in a branch", [.. table, .. Node("If", ["b"], "z", branch)] },
            { "fused", [.. table, .. Node("EmbedLayerNormalization", ["x", "", "w", "p"], "z", Field(7, "com.microsoft"))] },
        };
    }

    [Theory]
    [MemberData(nameof(Lookups), DisableDiscoveryEnumeration = true)]
    public void Read_FindsTablesWhereverTheyStand(string where, byte[] fields)
    {
        OnnxModel model = OnnxReader.Read(Model(fields), ModelLimits.Default);

        Assert.True(model.TableRows.TryGetValue("x", out long rows), where);
        Assert.Equal(3, rows);
    }

    /// <summary>Cut anywhere or with any byte changed, a file is read or refused, and never anything else.</summary>
    public static TheoryData<string, byte[]> SourcesOfStrings() =>
        new()
        {
            { "an input", Field(11, Value("text", 8, 1)) },
            { "a constant tensor", Field(5, [.. Field(1, 1L), .. Field(2, 8L), .. Field(6, "storm"), .. Field(8, "text")]) },
            { "a constant", Node("Constant", [], "text", Field(5, [.. Field(1, "value_string"), .. Field(4, "storm"), .. Field(20, 3)])) },
            { "numbers made text", Node("Cast", ["x"], "text", Field(5, [.. Field(1, "to"), .. Field(3, 8L), .. Field(20, 2)])) },
            { "names of classes", Node("LabelEncoder", ["x"], "text", Field(5, [.. Field(1, "values_strings"), .. Field(9, "storm")])) },
        };

    [Theory]
    [MemberData(nameof(SourcesOfStrings))]
    public void Read_FindsWhereStringsComeFrom(string source, byte[] fields)
    {
        Assert.True(OnnxReader.Read(Model(fields), ModelLimits.Default).HasStrings, source);
        Assert.False(OnnxReader.Read(Model([]), ModelLimits.Default).HasStrings);
    }

    [Fact]
    public void Read_OfDamagedFiles_ReadsOrRefuses()
    {
        byte[] whole = Graph("entities");
        var random = new Random(15);
        int refused = 0;
        for (int round = 0; round < 4_000; round++)
        {
            byte[] damaged = round % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int i = 0; i < round % 5 && damaged.Length > 0; i++)
            {
                damaged[random.Next(Math.Min(damaged.Length, 1_500))] = (byte)random.Next(256);
            }
            try
            {
                OnnxReader.Read(damaged, ModelLimits.Default);
            }
            catch (Exception e) when (e is InvalidDataException or GraphFaultException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 4_000);
    }

    [Fact]
    public void Rejects_GraphsNestedTooDeep()
    {
        byte[] graph = [];
        for (int depth = 0; depth < 1_000; depth++)
        {
            graph = Field(1, Field(5, Field(6, graph))); // node → attribute → graph
        }

        var error = Assert.Throws<InvalidDataException>(() => OnnxReader.Read(Field(7, graph), ModelLimits.Default));

        Assert.Contains("nested deeper than 8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(18, "262144 nodes with its functions written out")]
    [InlineData(90, "more nodes than can be counted with its functions written out")]
    [InlineData(200, "functions that call each other more than 100 deep")]
    public void Rejects_FunctionsThatMakeTooManyNodes(int functions, string found)
    {
        var error = Assert.Throws<GraphFaultException>(() => OnnxReader.Read(DoublingFunctions(functions), ModelLimits.Default));

        Assert.Equal(found, error.Found);
    }

    [Fact]
    public void Read_TakesFunctionsOfFewNodes()
    {
        OnnxModel model = OnnxReader.Read(DoublingFunctions(10), ModelLimits.Default);

        Assert.Equal("x", Assert.Single(model.Inputs).Name);
    }

    [Fact]
    public void Rejects_TwoGraphs()
    {
        var error = Assert.Throws<InvalidDataException>(() => OnnxReader.Read([.. Field(7, []), .. Field(7, [])], ModelLimits.Default));

        Assert.Equal("two graphs", error.Message);
    }
}

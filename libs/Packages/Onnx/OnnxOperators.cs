using System.Collections.Frozen;
using System.Globalization;

namespace Serverless.Packages.Onnx;

/// <summary>
/// The operators that ONNX Runtime 1.29's CPU provider knows and that stay inside the model: names of ONNX to opset 24
/// (onnx.defs.get_all_schemas_with_history), of ai.onnx.ml, and of the com.microsoft operators that optimisers and quantisers write
/// (onnxruntime's docs/ContribOperators.md, without those that open other files or run decoding loops).
/// </summary>
internal static class OnnxOperators
{
    public static readonly FrozenDictionary<string, FrozenSet<string>> Known = new Dictionary<string, FrozenSet<string>>
    {
        [""] = Names(Standard),
        ["ai.onnx.ml"] = Names(MachineLearning),
        ["com.microsoft"] = Names(Microsoft),
    }.ToFrozenDictionary();

    /// <summary>The newest operator sets that ONNX Runtime 1.29 loads, each tried.</summary>
    public static readonly FrozenDictionary<string, int> NewestOpsets = new Dictionary<string, int>
    {
        [""] = 26,
        ["ai.onnx.ml"] = 5,
        ["com.microsoft"] = 1,
    }.ToFrozenDictionary();

    /// <summary>The newest IR version that ONNX Runtime 1.29 loads, tried.</summary>
    public const int NewestIr = 13;

    /// <summary>The operator sets of ai.onnx in which its operators are, where those are not all that are loaded.</summary>
    public static readonly FrozenDictionary<string, (int First, int Last)> Sets = ReadSets().ToFrozenDictionary();

    /// <summary>"ai.onnx" is the long name of the default domain.</summary>
    public static string Canonical(string domain) => domain == "ai.onnx" ? "" : domain;

    public static string Describe(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    public static bool IsKnown(OnnxOperator op) => Known.TryGetValue(op.Domain, out FrozenSet<string>? names) && names.Contains(op.Type);

    /// <summary>Whether the operator set of this number has the operator, which must be known.</summary>
    public static bool IsIn(OnnxOperator op, long set) =>
        op.Domain.Length > 0 || !Sets.TryGetValue(op.Type, out var sets) || (set >= sets.First && set <= sets.Last);

    private static IEnumerable<KeyValuePair<string, (int First, int Last)>> ReadSets()
    {
        foreach (string line in Younger.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, .. var names])
            {
                foreach (string name in names)
                {
                    yield return new(name, (int.Parse(first, CultureInfo.InvariantCulture), name == "Scatter" ? 10 : int.MaxValue));
                }
            }
        }
        yield return new("Upsample", (1, 9));
    }

    private static FrozenSet<string> Names(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private const string Standard = """
        Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization
        Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu
        CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose
        Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu
        Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool
        GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish
        Hardmax Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less
        LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean
        MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression
        NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul
        QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal
        ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
        RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements
        ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap
        Shape Shrink Sigmoid Sign SimplifiedLayerNormalization Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus
        Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Swish Tan
        Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
        """;

    /// <summary>
    /// By the set that brought them (onnx.defs.get_all_schemas_with_history, onnx/docs/Changelog.md), without those of all sets from 7 on
    /// and those that ONNX Runtime knew before.
    /// </summary>
    private const string Younger = """
        8 Expand Scan
        9 Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool NonZero OneHot Scatter Shrink Sign Sinh TfIdfVectorizer Where
        10 ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression QLinearConv QLinearMatMul QuantizeLinear Resize ReverseSequence RoiAlign StringNormalizer
        11 BitShift ConcatFromSequence CumSum Det DynamicQuantizeLinear GatherElements GatherND Range Round ScatterElements ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence Unique
        12 Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss
        14 HardSwish Trilu
        15 Bernoulli CastLike Optional OptionalGetElement OptionalHasElement
        16 GridSample
        17 BlackmanWindow DFT HammingWindow HannWindow MelWeightMatrix STFT SequenceMap
        18 BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im GroupNormalization Mish
        19 DeformConv
        20 AffineGrid Gelu ImageDecoder RegexFullMatch StringConcat StringSplit
        23 Attention RMSNormalization RotaryEmbedding
        24 Swish TensorScatter
        26 BitCast CumProd
        """;

    private const string MachineLearning = """
        ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder
        LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble
        TreeEnsembleClassifier TreeEnsembleRegressor ZipMap
        """;

    private const string Microsoft = """
        Attention BiasAdd BiasDropout BiasGelu BiasSoftmax BiasSplitGelu BitmaskBiasDropout BitmaskDropout CDist ComplexMul
        ComplexMulConj ConvTransposeWithDynamicPads CropAndResize DequantizeLinear DequantizeWithOrder DynamicQuantizeLSTM
        DynamicQuantizeMatMul EmbedLayerNormalization ExpandDims FastGelu FusedConv FusedGemm FusedMatMul
        FusedMatMulActivation GatedRelativePositionBias GatherBlockQuantized GatherND Gelu GemmFastGelu GridSample GroupNorm
        GroupQueryAttention Inverse Irfft IsAllFinite LayerNormalization LongformerAttention MatMulBnb4 MatMulFpQ4
        MatMulInteger16 MatMulIntegerToFloat MatMulNBits MaxpoolWithMask MoE MulInteger MultiHeadAttention MurmurHash3
        NGramRepeatBlock NhwcConv NhwcFusedConv NhwcMaxPool PackedAttention PackedMultiHeadAttention Pad QAttention
        QEmbedLayerNormalization QGemm QLinearAdd QLinearAveragePool QLinearConcat QLinearConv QLinearGlobalAveragePool
        QLinearLeakyRelu QLinearMul QLinearReduceMean QLinearSigmoid QLinearSoftmax QLinearWhere QMoE QOrderedAttention
        QOrderedGelu QOrderedLayerNormalization QOrderedLongformerAttention QOrderedMatMul QuantizeLinear QuantizeWithOrder
        QuickGelu Range ReduceSumInteger RelativePositionBias RemovePadding RestorePadding Rfft RotaryEmbedding SampleOp
        SkipGroupNorm SkipLayerNormalization SkipSimplifiedLayerNormalization SparseAttention SparseToDenseMatMul Tokenizer
        TorchEmbedding TransposeMatMul Trilu UnfoldTensor Unique WordConvEmbedding
        """;
}

"""Small word lists, per language, that tell a sentence which stands alone from one that leans on its neighbour.

They are alternatives of patterns, folded (lower case, canonical quotes and dashes). A language without a list loses
only this check.
"""

from __future__ import annotations

from typing import Final

#: first words that point back to an earlier sentence, or speak for somebody whom only an earlier sentence names
OPENERS: Final = {
    "en": (
        "he|she|it|its|it's|they|them|their|his|her|him|we|our|us|i|my|you|your|this|that|these|those|such|"
        "here|both|neither|either|but|and|or|so|yet|nor|also|besides|however|moreover|furthermore|thus|"
        "therefore|hence|consequently|nevertheless|nonetheless|otherwise|instead|likewise|similarly|"
        "meanwhile|additionally|accordingly|then|next|finally|still|indeed|in addition|in turn|in this|"
        "in that|in doing so|for example|for instance|as a result|as such|on the other hand|at the same time|"
        "by contrast|in contrast|that said|of these|of those|among them|of them|one of them|two of them|"
        "the latter|the former|the same|another|others|the other|after that|before that|since then|"
        "until then|to this end|to that end|with this|with that|with these|with those|for this|in these|"
        "in those|under this|under these|from this|on this|at this|by this|all this|all these|all of this|"
        "because of this|despite this|according to him|according to her|according to them|not only|earlier|"
        "later|for his part"
    ),
    "fr": (
        "il|elle|ils|elles|on|ce|cela|ceci|ces|cet|cette|c'est|celui-ci|son|celle-ci|ceux-ci|leur|leurs|sa|"
        "ses|nous|vous|je|mais|et|ou|or|donc|car|ainsi|aussi|cependant|toutefois|pourtant|néanmoins|en effet|"
        "de plus|en outre|par ailleurs|par conséquent|en revanche|d'ailleurs|enfin|ensuite|puis|selon lui|"
        "selon elle|parmi eux|à cet effet|dans ce|dans cette|pour cela|par exemple|de même"
    ),
    "es": (
        "él|ella|ello|ellos|ellas|este|esta|esto|estos|estas|ese|esa|eso|esos|esas|aquel|aquella|dicho|dicha|"
        "dichos|dichas|su|sus|nosotros|nuestro|y|pero|o|sin embargo|además|asimismo|también|por lo tanto|"
        "por tanto|por ello|así|por su parte|no obstante|en cambio|por otro lado|en este|en esta|entre ellos|"
        "según él|según ella|luego|después|finalmente|por ejemplo|de igual forma|mientras tanto"
    ),
    "pt": (
        "ele|ela|eles|elas|este|esta|isto|estes|estas|esse|essa|isso|esses|essas|aquele|aquela|seu|sua|seus|"
        "suas|nós|nosso|e|mas|ou|porém|contudo|no entanto|além disso|também|portanto|assim|por isso|neste|"
        "nesta|nesse|segundo ele|segundo ela|entre eles|por exemplo|por sua vez|em seguida|enquanto isso"
    ),
    "de": (
        "er|sie|es|ihr|ihre|sein|seine|wir|unser|unsere|ich|dies|diese|dieser|dieses|diesen|diesem|jene|"
        "jener|aber|und|oder|doch|denn|also|auch|zudem|außerdem|jedoch|daher|deshalb|dabei|damit|dadurch|"
        "dazu|darüber hinaus|dagegen|dennoch|trotzdem|so|somit|ferner|beide|letztere|letzterer|zum beispiel|"
        "danach|anschließend|schließlich|inzwischen|ihm zufolge|hierzu|hierbei"
    ),
    "ru": (
        "он|она|оно|они|его|её|ее|их|им|ему|ей|это|этот|эта|эти|этого|этой|этом|этим|тот|та|те|такой|такая|"
        "такие|такое|мы|наш|наша|наши|я|но|и|а|или|однако|также|кроме того|при этом|поэтому|таким образом|"
        "тем не менее|в связи с этим|в свою очередь|вместе с тем|более того|помимо этого|в частности|затем|"
        "потом|так|причём|причем|по его словам|по ее словам|по её словам|по их словам|об этом|после этого|"
        "до этого|для этого|в этом|на этом|среди них|например|здесь|там"
    ),
    "uk": (
        "він|вона|воно|вони|його|її|їх|їхній|це|цей|ця|ці|цього|той|та|такий|ми|наш|я|але|і|й|або|однак|"
        "проте|також|крім того|при цьому|тому|отже|таким чином|у свою чергу|водночас|за його словами|"
        "за її словами|про це|після цього"
    ),
    "az": (
        "o|onlar|onun|onların|ona|onu|bu|bunlar|bunun|buna|həmin|belə|biz|bizim|mən|amma|lakin|ancaq|və|"
        "və ya|həmçinin|eyni zamanda|bundan başqa|bundan əlavə|buna görə|beləliklə|bununla yanaşı|"
        "bununla belə|onun sözlərinə görə|daha sonra|sonra|məsələn|habelə|burada|orada"
    ),
    "tr": (
        "o|onlar|onun|onların|ona|onu|bu|bunlar|bunun|buna|şu|söz konusu|biz|bizim|ben|ama|fakat|ancak|ve|"
        "veya|ayrıca|aynı zamanda|bunun yanı sıra|bu nedenle|böylece|dolayısıyla|öte yandan|daha sonra|sonra|"
        "örneğin|burada|orada"
    ),
    "vi": (
        "ông ấy|bà ấy|ông này|bà này|ông cho biết|bà cho biết|ông nói|bà nói|anh ấy|chị ấy|họ|nó|chúng tôi|"
        "chúng ta|tôi|điều này|việc này|đây|đó|theo đó|do đó|vì vậy|vì thế|tuy nhiên|nhưng|và|hoặc|"
        "bên cạnh đó|ngoài ra|đồng thời|mặt khác|trong đó|sau đó|trước đó|cũng|như vậy|cụ thể|ví dụ"
    ),
    "ar": (
        "هو|هي|هم|هذا|هذه|ذلك|تلك|هؤلاء|كما|وكما|لكن|ولكن|و|أو|ثم|لذلك|وقال|وأضاف|وأضافت|وأوضح|وأكد|وأشار|"
        "وهو|وهي|وهذا|وهذه|وذلك|كذلك|أيضا|أيضًا|بالإضافة إلى ذلك|من جهته|من جانبه|في هذا|نحن"
    ),
}

#: the same for scripts without spaces between words: beginnings, not words
SPACELESS_OPENERS: Final = (
    r"他|她|它|这|那|該|该|其|此|我们|我們|但|而|并|並|也|还|還|因此|所以|然而|同时|同時|另外|对此|對此|据其"
    r"|彼は|彼女|これ|それ|この|その|また|しかし"
)

#: last words of a quotation or report whose speaker is only a pronoun
TAILS: Final = {
    "en": (
        r"[,\"]\s*(?:he|she|they|it|we|i)\s+(?:(?:has|have|had|also|then|later)\s+)*\p{L}+"
        r"(?:\s+(?:reporters|journalists))?\W*$"
        r"|[,\"]\s*(?:said|added|noted|stressed|told|explained)\s+(?:he|she|they)\W*$"
    ),
    "fr": r"-t?-?(?:il|elle|ils|elles|on)\W*$",
    "es": r",\s+(?:dijo|afirmó|añadió|señaló|explicó|indicó|agregó|sostuvo|manifestó)\W*$",
    "de": r",\s+(?:sagte|erklärte|betonte|so)\s+(?:er|sie|es)\W*$",
    "ru": r",\s*[-—]?\s*(?:\p{L}+\s+(?:он|она|они)|(?:он|она|они)\s+\p{L}+)\W*$",
}

#: invitations, credits and navigation: wherever they stand, the line is page furniture
FURNITURE: Final = (
    r"\b(?:follow us|follow (?:\w+ ){1,3}on|on all platforms|hyperlink"
    r"|subscribe|sign up|newsletter|read more|read also|also read|see also|click here|all rights reserved"
    r"|copyright|cookies?|privacy policy|terms of use|share this|related (?:news|articles?|stories)|photo credit"
    r"|image source|file photo|page updated|last updated|published on|posted on|leave a comment|your email address"
    r"|advertisement|sponsored|download our app|join our|telegram channel|whatsapp"
    r"|abonnez-vous|suivez-nous|lire aussi|à lire aussi|tous droits réservés|inscrivez-vous"
    r"|suscríbase|suscríbete|síganos|síguenos|lea también|todos los derechos|siga-nos|leia também|inscreva-se"
    r"|folgen sie uns|lesen sie auch|alle rechte vorbehalten|abonnieren sie"
    r"|подписывайтесь|подпишитесь|читайте также|все права защищены|фото:|источник:|підписуйтесь|читайте також"
    r"|bizi izləyin|ətraflı oxuyun|abunə olun|bütün hüquqlar|müəllif hüquqları|bizi takip edin|abone olun"
    r"|tüm hakları saklıdır|theo dõi chúng tôi|xem thêm|đăng ký nhận|mời bạn đọc"
    r")\b|©|اقرأ أيضا|تابعونا|جميع الحقوق محفوظة|责任编辑|扫码|关注我们|版权所有|来源：|點擊|点击"
)

#: addresses, handles and hash tags: a line that holds one is an invitation or a credit
CONTACT: Final = r"https?://|www\.|\S@\S|(?<!\w)@\w|(?<!\w)#\p{L}|\+\d[\d\s()-]{7,}"

#: words that announce a title rather than tell it
ANNOUNCERS: Final = (
    r"^\W*(?:updated?|breaking|live|watch|video|photos?|exclusive|opinion|just in|urgent|flash"
    r"|срочно|видео|фото|urgente?|en vivo|vidéo|direct|təcili|son dakika|nóng|عاجل)\b\W"
)

#: words that tease
TEASERS: Final = (
    r"\b(?:won't believe|shocking|shocks|stunning|stunned|jaw-dropping|goes viral|this is (?:why|how)"
    r"|here(?:'s| is) (?:why|how|what)|what you need to know|everything you need|the reason why|secret|slams"
    r"|blasts|insane|unbelievable|mind-blowing|\d+ (?:things|reasons|ways|facts)"
    r"|шок|шокиру\w+|не поверите|incroyable|choc|increíble|impactante|unglaublich)\b"
)

#: what outlets hang on a title in brackets
LABELS: Final = r"photos?|videos?|audio|gallery|updated?|live|exclusive|fotos?|fotoğraf|vidéo|vídeo|фото|видео"
